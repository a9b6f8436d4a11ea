import type { Distribution, Gap, Layer, Result } from "../experiment/result.js";

/** Files of a run for other tools, one observation a row. Values that are not finite are named, those undefined empty. */
export const CSV_NAMES = ["costs.csv", "layers.csv", "histograms.csv"] as const;

type Cell = string | number | null | undefined;

export function csvFilesOf(result: Result): Record<(typeof CSV_NAMES)[number], string> {
  return {
    "costs.csv": csv(["seed", "arm", "update", "mode", "cost"], costRows(result)),
    "layers.csv": csv(["arm", "update", "layer", "quantity", "value"], layerRows(result)),
    "histograms.csv": csv(["arm", "update", "layer", "quantity", "from", "to", "count"], histogramRows(result)),
  };
}

/** Every seed's costs in both modes. */
function* costRows({ seeds }: Result): Generator<Cell[]> {
  for (const { seed, arms } of seeds) {
    for (const [arm, { costs }] of Object.entries(arms)) {
      for (const { update, train, inference } of costs) {
        yield [seed, arm, update, "train", train];
        yield [seed, arm, update, "inference", inference];
      }
    }
  }
}

/** What is known of each layer of the first seed at each checkpoint; layer 0 is the first hidden one. */
function* layerRows({ arms }: Result): Generator<Cell[]> {
  for (const [arm, { checkpoints }] of Object.entries(arms)) {
    for (const { update, layers } of checkpoints) {
      for (const layer of layers) {
        for (const [quantity, value] of quantitiesOf(layer)) yield [arm, update, layer.layer, quantity, value];
      }
    }
  }
}

/** Names are the paths in result.json. */
function quantitiesOf({ preActivation, layerInput, gradientNorms, health, gap }: Layer): [string, Cell][] {
  const { verdict: _, ...numbers } = health;
  return [
    ...momentsOf("preActivation", preActivation),
    ...momentsOf("layerInput", layerInput),
    ...Object.entries(gradientNorms).map(([name, value]): [string, Cell] => [`gradientNorms.${name}`, value]),
    ...Object.entries(numbers).map(([name, value]): [string, Cell] => [`health.${name}`, value]),
    ...(gap === undefined ? [] : gapParts(gap)),
  ];
}

function momentsOf(name: string, { edges: _, counts: __, ...moments }: Distribution): [string, Cell][] {
  return Object.entries(moments).map(([moment, value]) => [`${name}.${moment}`, value]);
}

function gapParts(gap: Gap): [string, Cell][] {
  return Object.entries(gap).flatMap(([moment, parts]) =>
    Object.entries(parts).map(([part, value]): [string, Cell] => [`gap.${moment}.${part}`, value]),
  );
}

/** The bins; what lies beyond them reaches to infinity, and what is no number lies from NaN to NaN. */
function* histogramRows({ arms }: Result): Generator<Cell[]> {
  for (const [arm, { checkpoints }] of Object.entries(arms)) {
    for (const { update, layers } of checkpoints) {
      for (const { layer, preActivation, layerInput } of layers) {
        for (const [quantity, distribution] of Object.entries({ preActivation, layerInput })) {
          for (const bin of binsOf(distribution)) yield [arm, update, layer, quantity, ...bin];
        }
      }
    }
  }
}

function* binsOf({ edges, counts, underflow, overflow, nonFinite }: Distribution): Generator<Cell[]> {
  yield ["-Infinity", edges[0], underflow];
  for (const [bin, count] of counts.entries()) yield [edges[bin], edges[bin + 1], count];
  yield [edges.at(-1), "Infinity", overflow];
  yield ["NaN", "NaN", nonFinite];
}

function csv(head: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [head.join(",")];
  for (const row of rows) lines.push(row.map(written).join(","));
  return `${lines.join("\n")}\n`;
}

/** Quoted where a comma, a quote or a new line would break the row (RFC 4180). */
function written(cell: Cell): string {
  const text = cell === null || cell === undefined ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
