import { compile, type TopLevelSpec } from "vega-lite";
import { themeConfig } from "./theme.js";

export type Row = Readonly<Record<string, unknown>>;

/** A layered Vega-Lite spec as the charts make them: every layer with its values inside. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly layer: readonly DrawingLayer[];
  readonly params?: readonly object[];
}

export interface DrawingLayer {
  readonly data?: { readonly values?: readonly Row[]; readonly name?: string };
  readonly layer?: readonly DrawingLayer[];
  readonly encoding?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [key: string]: unknown;
}

/** Undefined for a spec that is no single plot, such as panels side by side. */
export function drawingOf(spec: TopLevelSpec): Drawing | undefined {
  const { layer, width, height } = spec as Partial<Drawing>;
  return Array.isArray(layer) && typeof width === "number" && typeof height === "number"
    ? (spec as unknown as Drawing)
    : undefined;
}

export function specOf(drawing: Drawing): TopLevelSpec {
  return drawing as unknown as TopLevelSpec;
}

/** A Vega spec; what stands for the values of its data sets is up to the caller. */
export interface VegaSpec<Values> {
  readonly data?: readonly { readonly name: string; readonly values?: Values }[];
  readonly [key: string]: unknown;
}

type Logger = NonNullable<Parameters<typeof compile>[1]>["logger"];

/** What was compiled, by everything about it but sizes and values: most charts are alike in the rest. */
const known = new Map<string, object>();

/**
 * Compiles a chart's spec without its title block. Vega-Lite compares and copies all values that it is given, so it is
 * given none; `place` says what stands for them.
 */
export function compileDrawing<Values>(
  spec: Drawing,
  place: (rows: readonly Row[]) => Values,
  logger?: Logger,
): VegaSpec<Values> {
  const { title: _, padding, ...drawing } = spec as Drawing & { readonly title?: unknown; readonly padding?: unknown };
  const values = new Map<string, Values>();
  const bare = withoutValues(drawing, (rows, own) => {
    const name = own ?? `table-${values.size}`;
    values.set(name, place(rows));
    return name;
  });
  const { width, height, ...shape } = bare;
  const key = JSON.stringify(shape);
  const compiled = (known.get(key) ??
    compile(specOf(bare), { config: themeConfig, ...(logger === undefined ? {} : { logger }) })
      .spec) as VegaSpec<Values>;
  known.set(key, compiled);
  const data = compiled.data?.map((source) => {
    const rows = values.get(source.name);
    return rows === undefined ? source : { ...source, values: rows };
  });
  return {
    ...compiled,
    width,
    height,
    ...(padding === undefined ? {} : { padding }),
    ...(data === undefined ? {} : { data }),
  };
}

function withoutValues(drawing: Drawing, keep: (rows: readonly Row[], name?: string) => string): Drawing {
  const bare = (data: NonNullable<DrawingLayer["data"]>) =>
    data.values === undefined ? data : { name: keep(data.values, data.name) };
  const stripped = (layers: readonly DrawingLayer[]): DrawingLayer[] =>
    layers.map(({ data, layer, ...rest }) => ({
      ...rest,
      ...(data === undefined ? {} : { data: bare(data) }),
      ...(layer === undefined ? {} : { layer: stripped(layer) }),
    }));
  return { ...drawing, layer: stripped(drawing.layer) };
}
