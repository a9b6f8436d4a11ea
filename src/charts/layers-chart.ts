import type { TopLevelSpec } from "vega-lite";
import type { Result } from "../experiment/result.js";
import {
  GUTTER,
  largestDrawn,
  PANEL_HEIGHT,
  PANEL_TEXT,
  STRIP,
  shareScale,
  valueAxis,
  valueScale,
} from "./layer-axes.js";
import { type Column, layerPanels, type Panels, type Quantity } from "./layer-panels.js";
import { textWidth } from "./text-metrics.js";
import { type ArmStyle, armStyles, type Chart, INK, QUIET_INK, titleBlock } from "./theme.js";
import { activationText, countText, listText, runText, shareText } from "./wording.js";

type ConcatSpec = Extract<TopLevelSpec, { hconcat: unknown }>;
type NonNormalizedSpec = ConcatSpec["hconcat"][number];

/** Of the whole picture, px. */
const WIDTH = 1190;
const PADDING = 16;
/** At the left of the panels, for the updates and the axis of shares. */
const LEFT = 92;
const GAP = 10;
const ROW_GAP = 8;

const QUANTITIES = {
  preActivation: { title: "Pre-activations per layer", what: "what each layer's activation function receives" },
  layerInput: { title: "Inputs of each layer", what: "what each layer receives" },
} as const;

/** Small multiples: a column per layer, a row per recorded update, one arm above the axis and the other mirrored. */
export function layersChart(result: Result, quantity: Quantity): Chart {
  const panels = layerPanels(result, quantity);
  const [above, below] = armStyles(panels.arms);
  const styles = [above, below].filter((style) => style !== undefined);
  const title = `${QUANTITIES[quantity].title} — ${activationText(result)}, ${above?.longName} (above) and ${below?.longName} (below)`;
  const count = Math.max(1, panels.columns.length);
  const room = WIDTH - 2 * PADDING - LEFT - GAP * (count - 1);
  const panelWidth = Math.min(260, Math.floor(room / count));
  const width = LEFT + count * (panelWidth + GAP) - GAP;
  return {
    title,
    description: describeLayers(result, panels, quantity),
    spec: {
      title: {
        ...titleBlock(title, [reading(quantity, panels), omissions(panels), runText(result)], Math.max(width, 720)),
        dx: -LEFT,
      },
      spacing: GAP,
      hconcat: panels.columns.map((column, place) => columnSpec(column, panels, styles, panelWidth, place === 0)),
    },
  };
}

/** One facet of rows. Every datum carries its `kind`; the layers pick theirs. Texts stand at px, not at values. */
function columnSpec(
  column: Column,
  panels: Panels,
  styles: readonly ArmStyle[],
  width: number,
  isFirst: boolean,
): NonNormalizedSpec {
  const half = PANEL_HEIGHT / 2;
  const largest = largestDrawn(panels);
  const { domain, ticks } = shareScale(largest);
  const colors = { domain: styles.map(({ name }) => name), range: styles.map(({ color }) => color) };
  const inkOf = (arm: string) => styles.find(({ name }) => name === arm)?.ink ?? INK;
  const isAbove = (arm: string) => arm === panels.arms[0];
  const within = (share: number) => Math.max(-largest, Math.min(largest, share));
  const middle = (arm: string) => (isAbove(arm) ? (half + STRIP) / 2 : PANEL_HEIGHT - (half + STRIP) / 2);
  const values = [
    { kind: "title", update: panels.updates[0], text: column.title },
    ...panels.updates.map((update) => ({ kind: "row", update, text: `update\n${countText(update)}` })),
    ...column.outlines.map((point) => ({ kind: "outline", ...point, share: within(point.share) })),
    ...column.outside.map((mark) => ({
      kind: "outside",
      ...mark,
      ink: inkOf(mark.arm),
      color: styles.find(({ name }) => name === mark.arm)?.color ?? INK,
      share: within(mark.share),
      start: mark.side === "left" ? 1 : width - GUTTER + 2,
      end: mark.side === "left" ? GUTTER - 2 : width - 1,
      textX: mark.side === "left" ? 2 : width - 2,
      textY: isAbove(mark.arm) ? STRIP / 2 + 1 : PANEL_HEIGHT - STRIP / 2,
    })),
    ...column.notes.map(({ update, arm, kind, lines }) => ({
      update,
      note: lines.join("\n"),
      lines: lines.length,
      width: Math.max(...lines.map((line) => textWidth(line, PANEL_TEXT))) + 8,
      ink: kind === "nonFinite" ? inkOf(arm) : QUIET_INK,
      textY: middle(arm),
    })),
  ];
  const share = {
    field: "share",
    type: "quantitative",
    stack: null,
    scale: { type: "sqrt", domain, nice: false },
    axis: {
      values: ticks,
      // Vega thins the given values to what it thinks fits.
      tickCount: ticks.length,
      title: null,
      labels: isFirst,
      ticks: isFirst,
      domain: false,
      labelFontSize: PANEL_TEXT,
      labelOverlap: false,
      labelExpr: "format(abs(datum.value) * 100, '~r') + '\u00a0%'",
    },
  } as const;
  const only = (kind: string) => [{ filter: `datum.kind === '${kind}'` }];
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null }) as const;
  const ink = { field: "ink", type: "nominal", scale: null } as const;
  const text = { field: "text", type: "nominal" } as const;
  const noteText = { type: "text", fontSize: PANEL_TEXT, baseline: "middle", lineBreak: "\n", lineHeight: 13 } as const;
  return {
    data: { values },
    facet: { row: { field: "update", type: "ordinal", header: null } },
    spacing: ROW_GAP,
    bounds: "flush",
    spec: {
      width,
      height: PANEL_HEIGHT,
      layer: [
        {
          transform: only("outline"),
          // A filled line: an area's path would list every point of the zero line too and be twice as long.
          mark: { type: "line", interpolate: "step-after", strokeWidth: 0 },
          encoding: {
            x: { field: "x", type: "quantitative", scale: valueScale(column, width), axis: valueAxis(column) },
            y: share,
            fill: {
              field: "arm",
              type: "nominal",
              scale: colors,
              legend: { symbolType: "square", symbolSize: 140, symbolStrokeWidth: 0 },
            },
          },
        },
        {
          transform: only("outside"),
          mark: { type: "rect", fill: "white", strokeWidth: 1.5, opacity: 1 },
          encoding: {
            x: px("start"),
            x2: { field: "end" },
            y: share,
            y2: { datum: 0 },
            stroke: { field: "color", type: "nominal", scale: null },
          },
        },
        {
          transform: only("outside"),
          mark: { ...noteText, align: { expr: "datum.side" } },
          encoding: { x: px("textX"), y: px("textY"), text, color: ink },
        },
        { transform: only("row"), mark: { type: "rule", color: "#8a8a8a" }, encoding: { y: { datum: 0 } } },
        {
          transform: [{ filter: "isValid(datum.note)" }],
          mark: { type: "rect", fill: "white", opacity: 1, width: { expr: "datum.width" }, height: 26 },
          encoding: { x: { value: width / 2 }, y: px("textY") },
        },
        {
          transform: [{ filter: "isValid(datum.note)" }],
          mark: { ...noteText, align: "center", dy: { expr: "datum.lines > 1 ? -6 : 0" } },
          encoding: { x: { value: width / 2 }, y: px("textY"), text: { field: "note", type: "nominal" }, color: ink },
        },
        {
          transform: only("title"),
          mark: { type: "text", fontSize: 12, fontWeight: "bold", baseline: "bottom" },
          encoding: { x: { value: width / 2 }, y: { value: -5 }, text },
        },
        ...(isFirst ? [rowLabels(only("row"))] : []),
      ],
    },
  };
}

function rowLabels(transform: { filter: string }[]) {
  return {
    transform,
    mark: {
      type: "text",
      align: "right",
      baseline: "middle",
      lineBreak: "\n",
      lineHeight: 14,
      dy: -7,
      fontWeight: "bold",
    },
    encoding: {
      x: { value: -44 },
      y: { value: PANEL_HEIGHT / 2 },
      text: { field: "text", type: "nominal" },
    },
  } as const;
}

function reading(quantity: Quantity, panels: Panels): string {
  const { what } = QUANTITIES[quantity];
  const largest = largestDrawn(panels);
  const cut = panels.largestOutside > largest ? `, cut at ${shareText(largest)}` : "";
  const open = panels.largestOutside > 0 ? ` Open bars: values beyond the axis${cut}; the share is written.` : "";
  const bins = panels.isCut ? `; the output's bins are cut at ${shareText(largest)}` : "";
  return `Histograms of ${what}, over samples and units. Height: share of the values in a bin, square-root scale${bins}.${open}`;
}

function omissions({ columns, layerCount, updates, recordedUpdates }: Panels): string {
  const rows =
    updates.length < recordedUpdates.length ? [`${updates.length} of ${recordedUpdates.length} recorded updates`] : [];
  const layers = columns.length < layerCount ? [`${columns.length} of ${layerCount} layers`] : [];
  const drawn = [...rows, ...layers];
  return drawn.length === 0 ? "" : `Drawn: ${listText(drawn)}; all are in result.json.`;
}

/** Says for the last row what share each arm has beyond the axes, since that is what the pictures are looked at for. */
function describeLayers(result: Result, panels: Panels, quantity: Quantity): string {
  const [above, below] = panels.arms;
  const first = panels.updates[0] ?? 0;
  const last = panels.updates.at(-1) ?? 0;
  const extent = `${panels.columns.length} layers at ${panels.updates.length} recorded updates from ${first} to ${last}: ${QUANTITIES[quantity].what}, ${above} above the axis and ${below} below it.`;
  const arms = panels.arms.map((name) => {
    const arm = result.arms[name];
    if (arm?.status === "diverged") return `${name} diverged at update ${arm.divergence.update}.`;
    const shares = panels.columns.map(({ outside }) =>
      outside
        .filter((mark) => mark.arm === name && mark.update === last)
        .reduce((sum, mark) => sum + Math.abs(mark.share), 0),
    );
    const most = shares.reduce((largest, share) => Math.max(largest, share), 0);
    if (most === 0) return `At update ${last} no value of ${name} lies beyond the axes.`;
    const where = panels.columns[shares.indexOf(most)]?.title ?? "";
    return `At update ${last} up to ${shareText(most)} of the values of ${name} lie beyond the axis, most in ${where}.`;
  });
  return [extent, ...arms].join(" ");
}
