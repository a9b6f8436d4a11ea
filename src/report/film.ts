import { type DrawingLayer, drawingOf, specOf } from "../charts/compile.js";
import { chooseEvenly, layerPanels, type Quantity } from "../charts/layer-panels.js";
import { layoutOfOne, panelsChart } from "../charts/layers-chart.js";
import { armStyles, type Room } from "../charts/theme.js";
import { numberText } from "../charts/wording.js";
import { evidenceOf } from "../experiment/findings.js";
import type { Checkpoint, Distribution, Layer, Result } from "../experiment/result.js";
import { NARROW_PADDING } from "./drawing.js";
import { compiled, type Tables, withSpots } from "./interactive.js";
import type { Film, FilmArm, FilmLayout } from "./payload.js";
import { statesAt } from "./reading-layers.js";

export const QUANTITIES: readonly { readonly quantity: Quantity; readonly name: string }[] = [
  { quantity: "preActivation", name: "what the activation receives" },
  { quantity: "layerInput", name: "what the layer receives" },
];

/** The data sets of a chart of layers, in the order in which it draws them. */
export const FILM_DATA = ["frames", "rules", "outlines", "boxes", "zeros", "labels"] as const;

/** Characters that the counts may take in the page. */
const ROOM = 300_000;

/** Every recorded update of the first two arms, or an even choice where they would take more than `room` characters. */
export function filmOf(result: Result, tables: Tables, room = ROOM): Film | undefined {
  const pair = armStyles(Object.keys(result.arms)).slice(0, 2);
  const recorded = [
    ...new Set(pair.flatMap(({ name }) => result.arms[name]?.checkpoints.map(({ update }) => update) ?? [])),
  ].sort((a, b) => a - b);
  const [first] = recorded;
  if (first === undefined || recorded.length < 2) return undefined;
  const keep = pair.flatMap(({ name }) => {
    const arm = result.arms[name];
    return arm?.status === "diverged" ? [arm.divergence.update] : [];
  });
  const drawn = new Set(layerPanels(result, "preActivation").columns.map(({ layer }) => layer));
  const sizes = recorded.map(
    (update) => JSON.stringify(pair.map(({ name }) => countsAt(result, name, update, drawn))).length,
  );
  const largest = Math.max(...sizes);
  const updates = chooseEvenly(recorded, Math.max(6, Math.floor(room / largest)), keep);
  const still = restricted(
    result,
    pair.map(({ name }) => name),
    first,
  );
  const [wide, narrow] = (["wide", "narrow"] as const).map((room) => filmLayout(still, room, tables));
  if (wide === undefined || narrow === undefined) return undefined;
  return {
    updates,
    arms: pair.map(({ name, label }) => ({ name: label, ...armOf(result, name, updates, drawn) })),
    readings: QUANTITIES.map(({ quantity }) => updates.map((update) => statesAt(result, quantity, update))),
    quantities: QUANTITIES,
    layouts: { wide, narrow },
  };
}

/** Only the marks differ between updates and quantities; they are made in the page. */
function filmLayout(still: Result, room: Room, tables: Tables): FilmLayout | undefined {
  const panels = layoutOfOne(still, "preActivation", room);
  const drawing = drawingOf(panelsChart(still, "preActivation", panels).spec);
  if (drawing?.layer.length !== FILM_DATA.length) return undefined;
  const layer = drawing.layer.map((part, place): DrawingLayer => ({ ...part, data: { name: FILM_DATA[place] ?? "" } }));
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

function countsAt(result: Result, name: string, update: number, drawn: ReadonlySet<number>) {
  const checkpoint = result.arms[name]?.checkpoints.find((candidate) => candidate.update === update);
  return checkpoint === undefined ? undefined : recordOf(checkpoint, drawn);
}

function armOf(
  result: Result,
  name: string,
  updates: readonly number[],
  drawn: ReadonlySet<number>,
): Omit<FilmArm, "name"> {
  const arm = result.arms[name];
  const checkpoints = (arm?.checkpoints ?? []).filter(({ update }) => updates.includes(update));
  const edges = QUANTITIES.map(({ quantity }) =>
    (checkpoints[0]?.layers ?? []).map((layer) => (drawn.has(layer.layer) ? layer[quantity].edges : [])),
  );
  return {
    ...(arm?.status === "diverged" ? { divergedAt: arm.divergence.update } : {}),
    edges,
    records: checkpoints.map((checkpoint) => recordOf(checkpoint, drawn)),
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
