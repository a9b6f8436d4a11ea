import { layerTitle } from "../charts/ticks.js";
import type { Distribution, Evidence, Gap, Layer, Result } from "../experiment/result.js";
import { type Cell, csvText } from "./csv-text.js";

/** What is known of each layer of the first seed at each checkpoint, one number a row. */
export function layersCsv(result: Result): string {
  return csvText([...PLACE, "verdict", "rule", "quantity", "value"], layerRows(result));
}

/** The histograms of the same layers, one bin a row. */
export function histogramsCsv(result: Result): string {
  return csvText([...PLACE, "quantity", "low", "high", "count"], histogramRows(result));
}

/** `update` is a word of SQL. Layer 0 is the first hidden one. */
const PLACE = ["arm", "updates", "layer", "layer_name"] as const;

function* layersOf({ arms }: Result): Generator<{ place: Cell[]; layer: Layer }> {
  for (const [arm, { checkpoints }] of Object.entries(arms)) {
    for (const { update, layers } of checkpoints) {
      for (const layer of layers) {
        yield { place: [arm, update, layer.layer, layerTitle(layer.layer, layers.length)], layer };
      }
    }
  }
}

function* layerRows(result: Result): Generator<Cell[]> {
  for (const { place, layer } of layersOf(result)) {
    const { verdict, evidence } = layer.health;
    for (const [quantity, value] of quantitiesOf(layer)) yield [...place, verdict, evidence?.rule, quantity, value];
  }
}

/** Names are the paths in result.json. */
function quantitiesOf({ preActivation, layerInput, gradientNorms, health, gap }: Layer): [string, Cell][] {
  const { verdict: _, evidence, ...numbers } = health;
  return [
    ...momentsOf("preActivation", preActivation),
    ...momentsOf("layerInput", layerInput),
    ...Object.entries(gradientNorms).map(([name, value]): [string, Cell] => [`gradientNorms.${name}`, value]),
    ...evidenceRows(evidence),
    ...Object.entries(numbers).map(([name, value]): [string, Cell] => [`health.${name}`, value]),
    ...(gap === undefined ? [] : gapParts(gap)),
  ];
}

function evidenceRows(evidence: Evidence | undefined): [string, Cell][] {
  if (evidence === undefined) return [];
  const { rule: _, ...numbers } = evidence;
  return Object.entries(numbers).map(([name, value]) => [`health.evidence.${name}`, value]);
}

function momentsOf(name: string, { edges: _, counts: __, ...moments }: Distribution): [string, Cell][] {
  return Object.entries(moments).map(([moment, value]) => [`${name}.${moment}`, value]);
}

function gapParts(gap: Gap): [string, Cell][] {
  return Object.entries(gap).flatMap(([moment, parts]) =>
    Object.entries(parts).map(([part, value]): [string, Cell] => [`gap.${moment}.${part}`, value]),
  );
}

function* histogramRows(result: Result): Generator<Cell[]> {
  for (const { place, layer } of layersOf(result)) {
    for (const quantity of ["preActivation", "layerInput"] as const) {
      for (const bin of binsOf(layer[quantity])) yield [...place, quantity, ...bin];
    }
  }
}

/** The bins; what lies beyond them reaches to infinity, and what is no number lies from NaN to NaN. */
function* binsOf({ edges, counts, underflow, overflow, nonFinite }: Distribution): Generator<Cell[]> {
  yield ["-Infinity", edges[0], underflow];
  for (const [bin, count] of counts.entries()) yield [edges[bin], edges[bin + 1], count];
  yield [edges.at(-1), "Infinity", overflow];
  yield ["NaN", "NaN", nonFinite];
}
