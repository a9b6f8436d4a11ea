import type { TopLevelSpec } from "vega-lite";
import type { Series } from "./cost-series.js";

export type LayerSpecs = Extract<TopLevelSpec, { layer: unknown }>["layer"];

/** Opacity of a single seed's line. */
const SHADE = 0.3;

type Updates = {
  readonly field: "update";
  readonly type: "quantitative";
  readonly scale: { readonly domain: number[]; readonly nice: false };
};

/** The middle half of the seeds, and the rounding probe's spread; none of either with one seed and no probe. */
export function bandLayers(series: readonly Series[], x: Updates): LayerSpecs {
  const kinds = [
    { kind: "probe", look: { opacity: 0.13, line: { strokeWidth: 1, strokeDash: [1, 2], opacity: 0.8 } } },
    { kind: "quartiles", look: { opacity: series.length > 2 ? 0.12 : 0.22 } },
  ] as const;
  return kinds.flatMap(({ kind, look }) => {
    const values = series.flatMap(({ name, style, [kind]: band }) =>
      band.map((ends) => ({ series: name, color: style.color, ...ends })),
    );
    if (values.length === 0) return [];
    const { opacity, ...edges } = look;
    const area = (field: string) => ({ field, type: "quantitative" }) as const;
    const fill = { field: "color", type: "nominal", scale: null } as const;
    const layers: LayerSpecs = [
      {
        data: { values },
        mark: { type: "area", clip: true, opacity },
        encoding: { x, y: area("low"), y2: { field: "high" }, fill, detail: { field: "series" } },
      },
    ];
    if (!("line" in edges)) return layers;
    const edge = (field: string) => ({
      data: { values },
      mark: { type: "line", clip: true, ...edges.line } as const,
      encoding: { x, y: area(field), stroke: fill, detail: { field: "series" } },
    });
    return [...layers, edge("low"), edge("high")] as LayerSpecs;
  });
}

/** Every seed's costs as a thin line; one that diverged ends with a cross. */
export function threadLayers(series: readonly Series[], x: Updates, top: number): LayerSpecs {
  const y = { field: "cost", type: "quantitative" } as const;
  const stroke = { field: "color", type: "nominal", scale: null } as const;
  const threads = series.flatMap(({ name, style, threads, probe }) =>
    threads.map((thread, seed) => ({
      ...thread,
      of: `${name}/${seed}`,
      style,
      isFirst: seed === 0 && probe.length > 0,
    })),
  );
  if (threads.length === 0) return [];
  const lines = threads.flatMap(({ points, of, style, isFirst }) =>
    points.map((point) => ({
      of,
      color: style.color,
      width: isFirst ? 1.3 : 0.8,
      shade: isFirst ? 0.9 : SHADE,
      ...point,
    })),
  );
  const ends = threads.flatMap(({ points, diverged, style }) => {
    const end = points.at(-1);
    return diverged && end !== undefined && end.cost <= top ? [{ ...end, color: style.color }] : [];
  });
  const raw = (field: string) => ({ field, type: "quantitative", scale: null, legend: null }) as const;
  return [
    {
      data: { values: lines },
      mark: { type: "line", clip: true, strokeJoin: "round" },
      encoding: { x, y, stroke, strokeWidth: raw("width"), strokeOpacity: raw("shade"), detail: { field: "of" } },
    },
    {
      data: { values: ends },
      mark: { type: "point", shape: "M-1,-1L1,1M1,-1L-1,1", size: 30, strokeWidth: 1.5, filled: false, opacity: 1 },
      encoding: { x, y, stroke },
    },
  ];
}

/** At the first and the last update at which a line lies above the scale. */
export function trianglesAbove(series: readonly Series[], top: number) {
  return series.flatMap(({ points, threads, style }) => {
    const lines = [points, ...threads.map((thread) => thread.points)];
    const updates = lines.flatMap((line) => {
      const above = line.filter(({ cost }) => cost > top);
      return [above[0], above.at(-1)].flatMap((point) => (point === undefined ? [] : [point.update]));
    });
    return [...new Set(updates)].map((update) => ({ update, color: style.color }));
  });
}
