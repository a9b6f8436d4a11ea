import type { Distribution, Gap, Layer } from "../experiment/result.js";
import { recordedLayers } from "./checkpoints.js";
import { ARM, type Cell, cellOf, LAYER, type Table, UPDATES } from "./table.js";
import { VERDICT } from "./verdicts.js";

/** What is known of each layer of the first seed at each checkpoint, one number a row. */
export const layers: Table = {
  name: "layers",
  description:
    "A row is one number: of one layer of one arm at one recorded checkpoint (`--histogram-every`). The first seed alone has checkpoints.",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    { ...VERDICT, description: VERDICT.description.replace(":", ", the same in all its rows:") },
    { name: "quantity", type: "text", description: "what `value` is: a path in `result.json`, from the table below" },
    {
      name: "value",
      type: "number",
      unit: "by quantity",
      description: "never empty: a quantity that the layer lacks has no row",
    },
  ],
  *rows(record) {
    for (const { place, layer } of recordedLayers(record)) {
      for (const [quantity, value] of quantitiesOf(layer)) {
        yield { ...place, verdict: layer.health.verdict, quantity, value };
      }
    }
  },
};

/** Names are the paths in result.json. */
function quantitiesOf({ preActivation, layerInput, gradientNorms, health, gap }: Layer): [string, Cell][] {
  const { verdict: _, ...numbers } = health;
  return [
    ...momentsOf("preActivation", preActivation),
    ...momentsOf("layerInput", layerInput),
    ...Object.entries(gradientNorms).map(([name, value]): [string, Cell] => [`gradientNorms.${name}`, value]),
    ...Object.entries(numbers).map(([name, value]): [string, Cell] => [`health.${name}`, cellOf(value)]),
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
