import type { Result } from "../../record/result.js";
import { flat } from "../../tables/flat.js";
import { histograms as bins, type Quantity, tails } from "../../tables/histograms.js";
import { t } from "../../text/language.js";
import { percentText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { omissionText } from "../records.js";
import { endText, isSingle, type StyledArm, styledArms } from "../runs.js";
import { activationText, layerWords } from "../wording.js";
import { layerPanels, type Panels } from "./extents.js";
import { layersSpec } from "./spec.js";

interface LayersKind extends Pick<Chart, "name" | "subject"> {
  readonly title: string;
  readonly quantity: Quantity;
  /** What the histograms are of. */
  readonly what: string;
  /** Where they are shaded. */
  readonly flatText: string;
}

/** On a phone the updates stand beside each other. */
const NARROW_UPDATES = 2;

/** The first two arms' histograms of one quantity, by layer and recorded update; several runs have too many for one picture. */
function layersChart(kind: LayersKind): Chart {
  const { name, subject, title, quantity } = kind;
  return {
    name,
    subject,
    scope: "first seed",
    title: ([{ result }]) => `${title} — ${activationText(result)}, ${sidesText(layerPanels(result, quantity))}`,
    tables: [bins, tails, flat],
    keeps: (row) => row["quantity"] === quantity,
    spec: (runs, view) => {
      if (!isSingle(runs)) return undefined;
      const isStill = view.viewport === "narrow" && !view.interactive;
      const panels = layerPanels(runs[0].result, quantity, isStill ? NARROW_UPDATES : undefined);
      return layersSpec(panels, view);
    },
    caption: ([{ result }]) => {
      const panels = layerPanels(result, quantity);
      return {
        description: describe(result, panels, kind),
        notes: [reading(result, panels, kind), omissions(panels, Object.keys(result.arms).length)],
      };
    },
  };
}

export const histograms = layersChart({
  name: "histograms",
  subject: t`Pre-activations: what each layer's activation function receives`,
  title: t`Pre-activations per layer`,
  quantity: "preActivation",
  what: t`what each layer's activation function receives`,
  flatText: t`where the activation is flat`,
});

export const activations = layersChart({
  name: "activations",
  subject: t`Layer inputs: what each layer's kernel is multiplied by`,
  title: t`Inputs of each layer`,
  quantity: "layerInput",
  what: t`what each layer receives`,
  flatText: t`what a flat activation outputs`,
});

function sidesText({ arms: [above, below] }: Panels): string {
  if (above === undefined) return t`no arm`;
  return below === undefined ? above.longName : t`${above.longName} (above) and ${below.longName} (below)`;
}

function reading(result: Result, { isCut, beyond }: Panels, { quantity, what, flatText }: LayersKind): string {
  const spread = result.config.image === undefined ? t`samples and units` : t`samples, pixels and channels`;
  const hasFlat = [...flat.rows(result)].some((row) => row["quantity"] === quantity);
  return [
    t`Histograms of ${what}, over ${spread}. All have the same area; each layer has its own height${isCut ? t`, which a few bins exceed` : ""}.`,
    ...(hasFlat ? [t`Shaded: ${flatText}, with the share of the values there.`] : []),
    ...(beyond > 0 ? [t`Pale bars: values beyond the axis.`] : []),
  ].join(" ");
}

function omissions(panels: Panels, armCount: number): string {
  return omissionText(panels, ...(panels.arms.length < armCount ? [t`the first two of ${armCount} arms`] : []));
}

/** Says for the last row what share each arm has beyond the axes, since that is what the pictures are looked at for. */
function describe(record: Result, panels: Panels, { quantity, what }: LayersKind): string {
  const { updates, layers } = panels;
  const [first = 0, last = 0] = [updates[0], updates.at(-1)];
  const span =
    first === last ? t`at update ${last}` : t`at ${updates.length} recorded updates from ${first} to ${last}`;
  const extent = t`${layers.length} layers ${span}: ${what}, ${sidesText(panels)}.`;
  const rows = [...tails.rows(record)].filter(
    ({ updates, quantity: of, side }) => updates === last && of === quantity && side !== "not finite",
  );
  const endOf = ({ name, label, arm }: StyledArm): string => {
    if (arm.status === "diverged") return `${label} ${endText(arm)}.`;
    const shares = new Map<unknown, number>();
    for (const { arm, layer_name, count, total } of rows)
      if (arm === name) shares.set(layer_name, (shares.get(layer_name) ?? 0) + Number(count) / Number(total));
    const [where, most] = [...shares].reduce((largest, one) => (one[1] > largest[1] ? one : largest), ["", 0]);
    if (most === 0) return t`At update ${last} no value of ${label} lies beyond the axes.`;
    return t`At update ${last} up to ${percentText(most)} of the values of ${label} lie beyond the axis, most in ${layerWords(String(where))}.`;
  };
  return [extent, ...styledArms(record).slice(0, panels.arms.length).map(endOf)].join(" ");
}
