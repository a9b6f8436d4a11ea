import { layerKinds } from "../../record/layer-kinds.js";
import type { Maps } from "../../record/maps.js";
import type { Result } from "../../record/result.js";
import { kernels as kernelTable, maps as mapTable } from "../../tables/maps.js";
import { t } from "../../text/language.js";
import { countText } from "../../text/numbers.js";
import type { Chart, View } from "../chart.js";
import { isSingle, type Runs, titleOf } from "../runs.js";
import type { Spec } from "../spec.js";
import { quoted, textExpr } from "../vega-text.js";
import { listText } from "../wording.js";
import { hasReluEnd, kernelsClause, mapsClause } from "./findings.js";
import { boundOf, imagesSpec, lastState, mappedArms } from "./spec.js";

/** What one image becomes in the first convolution, plain beside normalized. */
const INPUT = t`input`;

export const maps: Chart = {
  name: "maps",
  subject: t`One image in the first convolution: its feature maps`,
  scope: "first seed",
  title: (runs) => titleOf(t`Feature maps of one image`, runs),
  tables: [mapTable],
  keeps: ({ layer }) => Number(layer) <= 0,
  spec: mapsSpec,
  caption: (runs) => ({
    description: describe(runs, mapsClause),
    notes: [
      t`The first layer (${layerKinds(runs[0].result.config)?.[0] ?? ""}) on ${imageText(runs[0].result)}: on the left its input, then what the activation of each of its first channels receives, in training mode. Green is above 0, purple below${hasReluEnd(runs[0].result) ? t`, where the activation outputs 0` : ""}. ${endsText(runs)}`,
    ],
  }),
};

/** The first layer's kernels, plain beside normalized. */
export const kernels: Chart = {
  name: "kernels",
  subject: t`The kernels of the first convolution`,
  scope: "first seed",
  title: (runs) => titleOf(t`Kernels of the first layer`, runs),
  tables: [kernelTable],
  spec: kernelsSpec,
  caption: (runs) => ({
    description: describe(runs, kernelsClause),
    notes: [t`Green weights are above 0, purple ones below, on one scale for all arms. ${endsText(runs)}`],
  }),
};

function mapsSpec(runs: Runs, view: View): Spec | undefined {
  const [first] = mappedArms(runs);
  const state = first?.arm.maps?.states[0];
  const [layer] = state?.layers ?? [];
  if (!isSingle(runs) || state === undefined || layer === undefined) return undefined;
  const [inputs, channels] = [state.input, layer].map(shownChannels);
  const names = new Set(mappedArms(runs).map(({ name }) => name));
  const drawn = [...mapTable.rows(runs[0].result)].filter(
    ({ arm, layer }) => Number(layer) <= 0 && names.has(String(arm)),
  );
  const single = inputs === 1;
  return imagesSpec(runs, view, {
    table: mapTable,
    column: `datum.layer < 0 ? ${quoted(INPUT)}${single ? "" : " + ' ' + (datum.channel + 1)"} : '' + (datum.channel + 1)`,
    columns: [
      ...numbered(inputs ?? 0).map((place) => (single ? INPUT : `${INPUT} ${place}`)),
      ...numbered(channels ?? 0),
    ],
    row: "''",
    rows: [""],
    bound: boundOf(drawn.map(({ value }) => Number(value))),
    legend: t`value`,
    aspect: layer.width / layer.height,
  });
}

function kernelsSpec(runs: Runs, view: View): Spec | undefined {
  const [first] = mappedArms(runs);
  const own = first?.arm.maps?.states[0]?.kernels;
  if (!isSingle(runs) || own === undefined) return undefined;
  const { height, width, inputs, values } = own;
  const all = mappedArms(runs).flatMap(({ arm }) => arm.maps?.states.flatMap(({ kernels }) => kernels.values) ?? []);
  const single = inputs === 1;
  return imagesSpec(runs, view, {
    table: kernelTable,
    column: "'' + (datum.channel + 1)",
    columns: numbered(values.length / (height * width * inputs)),
    row: single ? "''" : textExpr`, input ${"(datum.input + 1)"}`,
    rows: single ? [""] : numbered(inputs).map((input) => t`, input ${input}`),
    bound: boundOf(all.map(Number).filter(Number.isFinite)),
    legend: t`weight`,
    aspect: width / height,
  });
}

function numbered(count: number): string[] {
  return Array.from({ length: Math.floor(count) }, (_, place) => String(place + 1));
}

/** Channels whose pixels are recorded. */
function shownChannels({ height, width, values }: Maps): number {
  return values.length / 2 / (height * width);
}

/** "training image 0 (class 3)". */
export function imageText({ arms }: Pick<Result, "arms">): string {
  const own = Object.values(arms).find(({ maps }) => maps !== undefined)?.maps;
  const of = own?.label === undefined ? "" : t` (class ${own.label})`;
  return t`training image ${own?.point ?? 0}${of}`;
}

/** Until which update the pictures go. */
function endsText(runs: Runs): string {
  const arms = mappedArms(runs);
  const all = Object.values(runs[0].result.arms).length;
  const [end = 0, ...others] = new Set(arms.map(lastState));
  const when =
    others.length === 0
      ? t`The end is update ${countText(end)}.`
      : t`The end is ${listText(arms.map((arm) => t`update ${countText(lastState(arm))} of ${arm.label}`))}.`;
  return arms.length < all ? t`${when} Drawn: the first two of ${all} arms; all are in result.json.` : when;
}

function describe(runs: Runs, clause: (result: Result, arm: string) => string): string {
  return mappedArms(runs)
    .map(({ name, label, result }) => `${label} ${clause(result, name)}.`)
    .join(" ");
}
