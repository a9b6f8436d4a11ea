import type { Result } from "../experiment/result.js";
import { largestDrawn } from "./layer-axes.js";
import { layerMarks, type PanelLayout, panelWidthFor } from "./layer-marks.js";
import { layerPanels, type Panels, type Quantity } from "./layer-panels.js";
import { armStyles, type Chart, NARROW_WIDTH, PADDING, type Room } from "./theme.js";
import { titleBlock } from "./title.js";
import { activationText, listText, runText, shareText } from "./wording.js";

/** Of the whole picture, px. */
const WIDTH = 1200;
/** At the left of the panels, for the updates and the axis of shares. */
const LEFT = 92;
/** The same where the updates are named elsewhere. */
const LEFT_OF_ONE = 38;
const PANEL_HEIGHT = 124;
/** Above the panels, for the columns' titles. */
const TITLES = 28;

const QUANTITIES = {
  preActivation: { title: "Pre-activations per layer", what: "what each layer's activation function receives" },
  layerInput: { title: "Inputs of each layer", what: "what each layer receives" },
} as const;

/** Small multiples: a column per layer, a row per recorded update, one arm above the axis and the other mirrored. */
export function layersChart(result: Result, quantity: Quantity): Chart {
  const columns = Math.max(1, layerPanels(result, quantity).columns.length);
  const width = panelWidthFor(WIDTH - 2 * PADDING - LEFT, columns);
  return panelsChart(result, quantity, { width, height: PANEL_HEIGHT, columns, namesUpdates: true });
}

/** How the panels of one update stand, larger than among others: all layers beside each other, or two on a phone. */
export function layoutOfOne(result: Result, quantity: Quantity, room: Room): PanelLayout {
  const all = Math.max(1, layerPanels(result, quantity).columns.length);
  if (room === "narrow") {
    const columns = Math.min(2, all);
    return { width: panelWidthFor(NARROW_WIDTH - LEFT_OF_ONE, columns), height: 132, columns, namesUpdates: false };
  }
  return {
    width: panelWidthFor(WIDTH - 2 * PADDING - LEFT_OF_ONE, all),
    height: 250,
    columns: all,
    namesUpdates: false,
  };
}

export function panelsChart(result: Result, quantity: Quantity, layout: PanelLayout): Chart {
  const panels = layerPanels(result, quantity);
  const styles = armStyles(panels.arms);
  const [above, below] = styles;
  const title = `${QUANTITIES[quantity].title} — ${activationText(result)}, ${below === undefined ? above?.longName : `${above?.longName} (above) and ${below.longName} (below)`}`;
  const marks = layerMarks(panels, styles, layout);
  const { width, height, frames, rules, outlines, boxes, zeros, labels } = marks;
  const notes = [reading(quantity, panels), omissions(panels, Object.keys(result.arms).length)];
  const block = titleBlock(title, [...notes, runText(result)], Math.max(LEFT + width, 720));
  const colors = { domain: styles.map(({ label }) => label), range: styles.map(({ color }) => color) };
  const legend = { symbolType: "square", symbolSize: 140, symbolStrokeWidth: 0, offset: TITLES } as const;
  // The marks come with their places in px. Without a scale, Vega-Lite would not break a line where a place is missing.
  const pixels = { domain: [0, 1], range: [0, 1], nice: false, zero: false };
  const stroke = { field: "color", type: "nominal", scale: null } as const;
  const ends = { x2: { field: "x2" }, y2: { field: "y2" } } as const;
  return {
    title,
    description: describeLayers(result, panels, quantity),
    notes,
    spec: {
      title: { ...block, dx: -LEFT },
      width,
      height,
      view: { stroke: null },
      encoding: {
        x: { field: "x", type: "quantitative", axis: null, scale: pixels },
        y: { field: "y", type: "quantitative", axis: null, scale: pixels },
      },
      layer: [
        { data: { values: frames }, mark: { type: "rect", fill: null }, encoding: { ...ends, stroke } },
        { data: { values: rules }, mark: "rule", encoding: { ...ends, stroke } },
        {
          data: { values: outlines },
          // A filled line: an area's path would list every point of the zero line too and be twice as long.
          mark: { type: "line", interpolate: "step-after", strokeWidth: 0, order: false },
          encoding: { fill: { field: "arm", type: "nominal", scale: colors, legend } },
        },
        {
          data: { values: boxes },
          mark: { type: "rect", fill: "white", strokeWidth: 1.5, opacity: 1 },
          encoding: { ...ends, stroke },
        },
        { data: { values: zeros }, mark: "rule", encoding: { ...ends, stroke } },
        {
          data: { values: labels },
          mark: {
            type: "text",
            baseline: "middle",
            align: { expr: "datum.align" },
            fontSize: { expr: "datum.size" },
            fontWeight: { expr: "datum.weight" },
          },
          encoding: { text: { field: "text" }, color: { field: "ink", type: "nominal", scale: null } },
        },
      ],
    },
  };
}

function reading(quantity: Quantity, panels: Panels): string {
  const { what } = QUANTITIES[quantity];
  const largest = largestDrawn(panels);
  const cut = panels.largestOutside > largest ? `, cut at ${shareText(largest)}` : "";
  const open = panels.largestOutside > 0 ? ` Open bars: values beyond the axis${cut}; the share is written.` : "";
  const bins = panels.isCut ? `; the output's bins are cut at ${shareText(largest)}` : "";
  return `Histograms of ${what}, over samples and units. Height: share of the values in a bin, square-root scale${bins}.${open}`;
}

function omissions({ columns, layerCount, updates, recordedUpdates, arms }: Panels, armCount: number): string {
  const rows =
    updates.length < recordedUpdates.length ? [`${updates.length} of ${recordedUpdates.length} recorded updates`] : [];
  const layers = columns.length < layerCount ? [`${columns.length} of ${layerCount} layers`] : [];
  const pair = arms.length < armCount ? [`the first two of ${armCount} arms`] : [];
  const drawn = [...pair, ...rows, ...layers];
  return drawn.length === 0 ? "" : `Drawn: ${listText(drawn)}; all are in result.json.`;
}

/** Says for the last row what share each arm has beyond the axes, since that is what the pictures are looked at for. */
function describeLayers(result: Result, panels: Panels, quantity: Quantity): string {
  const styles = armStyles(panels.arms);
  const [above, below] = styles.map(({ label }) => label);
  const sides = below === undefined ? `of ${above}` : `${above} above the axis and ${below} below it`;
  const first = panels.updates[0] ?? 0;
  const last = panels.updates.at(-1) ?? 0;
  const extent = `${panels.columns.length} layers at ${panels.updates.length} recorded updates from ${first} to ${last}: ${QUANTITIES[quantity].what}, ${sides}.`;
  const arms = styles.map(({ name, label }) => {
    const arm = result.arms[name];
    if (arm?.status === "diverged") return `${label} diverged at update ${arm.divergence.update}.`;
    const shares = panels.columns.map(({ outside }) =>
      outside
        .filter((mark) => mark.arm === name && mark.update === last)
        .reduce((sum, mark) => sum + Math.abs(mark.share), 0),
    );
    const most = shares.reduce((largest, share) => Math.max(largest, share), 0);
    if (most === 0) return `At update ${last} no value of ${label} lies beyond the axes.`;
    const where = panels.columns[shares.indexOf(most)]?.title ?? "";
    return `At update ${last} up to ${shareText(most)} of the values of ${label} lie beyond the axis, most in ${where}.`;
  });
  return [extent, ...arms].join(" ");
}
