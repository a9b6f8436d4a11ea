import type { Result, Verdict } from "../experiment/result.js";
import { VERDICTS } from "../metrics/verdict-rules.js";
import { legend } from "./legend.js";
import { headingHeight, headingLabels, panelHeading } from "./panel-heading.js";
import { joinScenes, label, type Mark, type Place, rule, type Scene, sceneSpec, wrapPanels } from "./scene.js";
import { textWidth } from "./text-metrics.js";
import { type Chart, FRAME, GRID, INK, NARROW_WIDTH, type Room } from "./theme.js";
import { layerTitle, spacedTicks } from "./ticks.js";
import { titleBlock } from "./title.js";
import { tallyText, type VerdictPanel, type VerdictPanels, verdictPanels } from "./verdict-panels.js";
import { activationText, countText, listText, runText } from "./wording.js";

/** Of the whole drawing, px. */
const WIDTHS: Readonly<Record<Room, number>> = { wide: 1168, narrow: NARROW_WIDTH };
const TEXT = 10;
/** Below a panel: ticks, their texts and the axis title. */
const FOOT = 38;
const GAP: Place = { x: 22, y: 14 };
const SMALLEST_PANEL = 150;
const LARGEST_PANEL = 548;

/** Okabe & Ito's colours; each verdict also has a shape of its own. Most layers should be healthy, so that is quiet. */
const LOOKS: Readonly<Record<Verdict, Pick<Mark, "shape" | "color"> & { readonly scale: number }>> = {
  healthy: { shape: "circle", color: "#a8a8a8", scale: 0.22 },
  saturated: { shape: "square", color: "#E69F00", scale: 0.8 },
  dead: {
    shape: "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z",
    color: INK,
    scale: 0.7,
  },
  exploding: { shape: "triangle-up", color: "#D55E00", scale: 1 },
  vanishing: { shape: "triangle-down", color: "#0072B2", scale: 1 },
  constant: { shape: "M-1,-.4L1,-.4L1,.4L-1,.4Z", color: "#CC79A7", scale: 0.9 },
};

/** What each layer's state is judged to be: a row per layer, a column per recorded update, a panel per arm. */
export function verdictsChart(result: Result, room: Room = "wide"): Chart {
  const panels = verdictPanels(result);
  const layout = layoutOf(panels, WIDTHS[room]);
  const title = `Verdicts per layer — ${activationText(result)}`;
  const notes = [reading(panels), omissions(panels)];
  const block = titleBlock(title, [...notes, runText(result)], Math.max(layout.width, 760));
  const seen = VERDICTS.filter((verdict) => panels.arms.some(({ cells }) => cells.some((c) => c.verdict === verdict)));
  const entries = seen.map((verdict) => ({
    text: verdict,
    width: 14,
    draw: ({ x, y }: Place) => ({ marks: [symbol(verdict, { x: x + 7, y }, { x: 14, y: 14 })] }),
  }));
  const key = legend(entries, { x: 0, y: 0 }, room === "wide" ? Math.max(layout.width, 700) : NARROW_WIDTH);
  const scenes = panels.arms.map((panel, place) => {
    const at = layout.places[place] ?? { x: 0, y: 0 };
    return panelScene(panel, panels, { x: layout.left + at.x, y: key.height + GAP.y + at.y }, layout, at.x === 0);
  });
  return {
    title,
    description: describe(panels),
    notes,
    spec: sceneSpec(joinScenes([...key.scenes, ...scenes]), {
      title: block,
      width: layout.width,
      height: key.height + GAP.y + layout.height,
    }),
  };
}

interface Layout {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly places: readonly Place[];
  readonly panelWidth: number;
  readonly pitch: Place;
  /** The titles' lines, px. */
  readonly head: number;
}

function layoutOf({ arms, columns: updates, layers, layerCount }: VerdictPanels, room: number): Layout {
  const columns = Math.max(1, updates.length);
  const names = layers.map((layer) => textWidth(layerTitle(layer, layerCount), TEXT));
  const left = Math.ceil(names.reduce((most, width) => Math.max(most, width), 0)) + 8;
  const isWide = room > NARROW_WIDTH;
  const most = isWide ? Math.min(LARGEST_PANEL, (room - left - GAP.x) / Math.min(2, arms.length)) : room - left;
  const widest = Math.max(arms.length > 2 ? 24 : 90, Math.floor((SMALLEST_PANEL - 8) / columns));
  const pitch = {
    x: Math.max(
      isWide ? 11 : 4,
      isWide
        ? Math.min(widest, Math.floor((Math.max(most, SMALLEST_PANEL) - 8) / columns))
        : Math.floor((most - 8) / columns),
    ),
    y: layers.length > 14 ? 12 : arms.length > 2 ? 20 : 24,
  };
  const panelWidth = isWide ? Math.max(SMALLEST_PANEL, columns * pitch.x + 8) : room - left;
  const head = headingHeight(arms.map(({ label, divergedAt }) => panelHeading(label, divergedAt, panelWidth)));
  const panelHeight = head + Math.max(1, layers.length) * pitch.y + FOOT;
  const wrapped = wrapPanels(arms.length, panelWidth, panelHeight, room - left, GAP);
  return { ...wrapped, left, width: left + wrapped.width, panelWidth, pitch, head };
}

function panelScene(
  panel: VerdictPanel,
  { columns, layers, layerCount }: VerdictPanels,
  at: Place,
  { panelWidth, pitch, head }: Layout,
  isFirst: boolean,
): Scene {
  const top = at.y + head;
  const bottom = top + Math.max(1, layers.length) * pitch.y;
  const columnX = (update: number) => at.x + 4 + (columns.indexOf(update) + 0.5) * pitch.x;
  const rowY = (layer: number) => top + (layers.indexOf(layer) + 0.5) * pitch.y;
  const titles = headingLabels(panelHeading(panel.label, panel.divergedAt, panelWidth), { x: at.x, y: top });
  const ticks = spacedTicks(
    columns.map((update) => ({ at: columnX(update), text: countText(update) })),
    TEXT,
  );
  const foot = { align: "center", size: TEXT } as const;
  // Behind its last record: what comes after it is the other arms'.
  const end = at.x + 4 + (columns.indexOf(panel.updates.at(-1) ?? 0) + 1) * pitch.x + (pitch.x > 20 ? 0 : 2);
  const none =
    panel.cells.length > 0 ? [] : [label("nothing recorded", at.x + panelWidth / 2, (top + bottom) / 2, foot)];
  return joinScenes([
    { boxes: [{ x: at.x, y: top, x2: at.x + panelWidth, y2: bottom, fill: null, stroke: FRAME }] },
    { lines: layers.map((layer) => rule({ x: at.x, y: rowY(layer) }, { x: at.x + panelWidth, y: rowY(layer) }, GRID)) },
    panel.divergedAt === undefined ? {} : { lines: [rule({ x: end, y: top }, { x: end, y: bottom }, INK, 2)] },
    {
      marks: panel.cells.map((cell) => symbol(cell.verdict, { x: columnX(cell.update), y: rowY(cell.layer) }, pitch)),
    },
    { labels: [...titles, ...none] },
    { lines: ticks.map((tick) => rule({ x: tick.at, y: bottom }, { x: tick.at, y: bottom + 4 }, FRAME)) },
    { labels: ticks.map((tick) => label(tick.text, tick.at, bottom + 11, foot)) },
    ticks.length === 0 ? {} : { labels: [label("update", at.x + panelWidth / 2, bottom + 25, foot)] },
    isFirst ? { labels: layers.map((layer) => layerLabel(layerTitle(layer, layerCount), at.x - 6, rowY(layer))) } : {},
  ]);
}

function layerLabel(text: string, x: number, y: number) {
  return label(text, x, y, { align: "right", size: TEXT });
}

function symbol(verdict: Verdict, place: Place, pitch: Place): Mark {
  const { shape, color, scale } = LOOKS[verdict];
  const side = Math.min(pitch.x, pitch.y, 16) * 0.72;
  return { ...place, shape, color, size: Math.round(side * side * scale) };
}

function reading({ arms }: VerdictPanels): string {
  const ended = arms.some(({ divergedAt }) => divergedAt !== undefined) ? " A bar ends an arm that diverged." : "";
  return `One mark per layer and recorded update; the input side is at the top, the output layer at the bottom.${ended} The report tells what each verdict means, result.json the number behind it.`;
}

function omissions({ arms, layers, layerCount }: VerdictPanels): string {
  const thinned = arms.find(({ updates, recorded }) => updates.length < recorded);
  const drawn = [
    ...(thinned === undefined ? [] : [`${thinned.updates.length} of ${thinned.recorded} recorded updates`]),
    ...(layers.length < layerCount ? [`${layers.length} of ${layerCount} layers`] : []),
  ];
  return drawn.length === 0 ? "" : `Drawn: ${listText(drawn)}; all are in result.json.`;
}

function describe({ arms, layers }: VerdictPanels): string {
  const each = arms.map((panel) => {
    const last = panel.updates.at(-1);
    const when = last === undefined ? "" : ` at update ${countText(last)}`;
    const end = panel.divergedAt === undefined ? "" : ", where it diverged";
    return `${panel.label}${when}${end}: ${tallyText(panel, layers.length)}.`;
  });
  return [`A verdict for each of ${layers.length} drawn layers at each recorded update.`, ...each].join(" ");
}
