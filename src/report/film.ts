import { type DrawingLayer, drawingOf, specOf } from "../charts/compile.js";
import { chooseEvenly, layerPanels, type Quantity } from "../charts/layer-panels.js";
import { layoutOfOne, panelsChart } from "../charts/layers-chart.js";
import { type ArmStyle, armStyles, type Room } from "../charts/theme.js";
import { numberText } from "../charts/wording.js";
import { evidenceOf } from "../experiment/findings.js";
import type { Checkpoint, Distribution, Layer, Result } from "../experiment/result.js";
import { NARROW_PADDING } from "./drawing.js";
import { compiled, type Tables, withSpots } from "./interactive.js";
import type { Film, FilmArm, FilmLayout } from "./payload.js";
import { stateAt } from "./reading-layers.js";

export const QUANTITIES: readonly { readonly quantity: Quantity; readonly name: string }[] = [
  { quantity: "preActivation", name: "what the activation receives" },
  { quantity: "layerInput", name: "what the layer receives" },
];

/** The data sets of a chart of layers, in the order in which it draws them. */
export const FILM_DATA = ["frames", "rules", "outlines", "boxes", "zeros", "labels"] as const;

/** Characters that the counts may take in the page. */
const ROOM = 300_000;
const LEAST_UPDATES = 6;

/**
 * Every recorded update of the arms, or an even choice where they would take more than `room` characters. Two arms are
 * shown at a time; of more than there is room for, the first ones are here.
 */
export function filmOf(result: Result, tables: Tables, room = ROOM): Film | undefined {
  const drawn = new Set(layerPanels(result, "preActivation").columns.map(({ layer }) => layer));
  const all = armStyles(Object.keys(result.arms));
  const sizeOf = ({ name }: ArmStyle) =>
    Math.max(0, ...(result.arms[name]?.checkpoints ?? []).map((each) => JSON.stringify(recordOf(each, drawn)).length));
  const sizes = all.map(sizeOf);
  const sizeOfFirst = (count: number) => sizes.slice(0, count).reduce((sum, size) => sum + size, 0);
  const most = Math.max(0, ...all.map(({ name }) => result.arms[name]?.checkpoints.length ?? 0));
  const least = Math.min(LEAST_UPDATES, most);
  const count = all.findLastIndex((_, place) => place < 2 || sizeOfFirst(place + 1) * least <= room) + 1;
  const shown = all.slice(0, count);
  const recorded = [
    ...new Set(shown.flatMap(({ name }) => result.arms[name]?.checkpoints.map(({ update }) => update) ?? [])),
  ].sort((a, b) => a - b);
  const [first] = recorded;
  if (first === undefined || recorded.length < 2) return undefined;
  const keep = shown.flatMap(({ name }) => {
    const arm = result.arms[name];
    return arm?.status === "diverged" ? [arm.divergence.update] : [];
  });
  const fitting = Math.floor(room / Math.max(1, sizeOfFirst(count)));
  const updates = chooseEvenly(recorded, Math.max(LEAST_UPDATES, keep.length + 2, fitting), keep);
  const pair = shown.slice(0, 2).map(({ name }) => name);
  const still = restricted(result, pair, first);
  const [wide, narrow] = (["wide", "narrow"] as const).map((room) => filmLayout(still, room, tables));
  if (wide === undefined || narrow === undefined) return undefined;
  const bins = new Map<string, { readonly place: number; readonly edges: readonly number[] }>();
  const placeOf = (edges: readonly number[]) => {
    const key = JSON.stringify(edges);
    const known = bins.get(key) ?? { place: bins.size, edges };
    bins.set(key, known);
    return known.place;
  };
  return {
    updates,
    arms: shown.map(({ name, label }) => ({ name: label, ...armOf(result, name, updates, drawn, placeOf) })),
    edges: [...bins.values()].map(({ edges }) => edges),
    quantities: QUANTITIES,
    layouts: { wide, narrow },
  };
}

const OWN_COLOR = { field: "color", type: "nominal", scale: null, legend: null };

/** Only the marks differ between updates and quantities; they are made in the page. */
function filmLayout(still: Result, room: Room, tables: Tables): FilmLayout | undefined {
  const panels = layoutOfOne(still, "preActivation", room);
  const drawing = drawingOf(panelsChart(still, "preActivation", panels).spec);
  if (drawing?.layer.length !== FILM_DATA.length) return undefined;
  const layer = drawing.layer.map((part, place): DrawingLayer => {
    const name = FILM_DATA[place] ?? "";
    // Any two arms are shown, each in its own colour; the page names them.
    const own = name === "outlines" ? { encoding: { ...part.encoding, fill: OWN_COLOR } } : {};
    return { ...part, ...own, data: { name } };
  });
  const spec = withSpots(specOf({ ...drawing, layer }), []);
  if (spec === undefined) return undefined;
  return { panels, spec: compiled(room === "narrow" ? { ...spec, padding: NARROW_PADDING } : spec, tables) };
}

/** The result with one update's records and two arms alone. */
function restricted(result: Result, names: readonly string[], update: number): Result {
  const arms = names.flatMap((name) => {
    const arm = result.arms[name];
    if (arm === undefined) return [];
    return [[name, { ...arm, checkpoints: arm.checkpoints.filter((checkpoint) => checkpoint.update === update) }]];
  });
  return { ...result, arms: Object.fromEntries(arms) };
}

function armOf(
  result: Result,
  name: string,
  updates: readonly number[],
  drawn: ReadonlySet<number>,
  placeOf: (edges: readonly number[]) => number,
): Omit<FilmArm, "name"> {
  const arm = result.arms[name];
  const checkpoints = (arm?.checkpoints ?? []).filter(({ update }) => updates.includes(update));
  const bins = QUANTITIES.map(({ quantity }) =>
    (checkpoints[0]?.layers ?? []).map((layer) => placeOf(drawn.has(layer.layer) ? layer[quantity].edges : [])),
  );
  return {
    ...(arm?.status === "diverged" ? { divergedAt: arm.divergence.update } : {}),
    bins,
    records: checkpoints.map((checkpoint) => recordOf(checkpoint, drawn)),
    readings: QUANTITIES.map(({ quantity }) => updates.map((update) => stateAt(arm, quantity, update))),
  };
}

/** What is not drawn has an empty place. */
function recordOf({ update, layers }: Checkpoint, drawn: ReadonlySet<number>): FilmArm["records"][number] {
  return {
    update,
    counts: QUANTITIES.map(({ quantity }) =>
      layers.map((layer) => (drawn.has(layer.layer) ? countsOf(layer[quantity]) : [])),
    ),
    notes: QUANTITIES.map(({ quantity }) =>
      layers.map((layer) => (drawn.has(layer.layer) ? noteOf(layer, quantity) : "")),
    ),
  };
}

function countsOf({ counts, underflow, overflow, nonFinite }: Distribution): number[] {
  return [...counts, underflow, overflow, nonFinite];
}

function noteOf(layer: Layer, quantity: Quantity): string {
  const { mean, variance } = layer[quantity];
  const spread = typeof variance === "number" ? numberText(Math.sqrt(variance)) : variance;
  const verdict = quantity === "preActivation" ? `${layer.health.verdict}, ${evidenceOf(layer.health)}; ` : "";
  return `${verdict}mean ${numberText(mean)}, standard deviation ${spread}`;
}
