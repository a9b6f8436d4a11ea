import type { Result } from "../../record/result.js";
import { histograms as bins, type Quantity, tails } from "../../tables/histograms.js";
import { divergedText } from "../../text/endings.js";
import { percentText } from "../../text/numbers.js";
import type { Caption, Chart } from "../chart.js";
import { armStyles } from "../theme.js";
import { activationText, listText } from "../wording.js";
import { layerPanels, type Panels } from "./panels.js";
import { layersSpec } from "./spec.js";

interface LayersKind extends Pick<Chart, "name" | "subject"> {
  readonly title: string;
  readonly quantity: Quantity;
  /** What the histograms are of. */
  readonly what: string;
}

/** The first two arms' histograms of one quantity: a column per layer, a row per recorded update. */
function layersChart({ name, subject, title, quantity, what }: LayersKind): Chart {
  return {
    name,
    subject,
    scope: "first seed",
    title: (record) => `${title} — ${activationText(record)}, ${sidesText(layerPanels(record, quantity))}`,
    tables: [bins, tails],
    keeps: (row) => row["quantity"] === quantity,
    spec: (record, view) => layersSpec(layerPanels(record, quantity), quantity, view),
    caption: (record) => {
      const panels = layerPanels(record, quantity);
      return {
        description: describe(record, panels, quantity, what),
        notes: [reading(panels, what), omissions(panels, Object.keys(record.arms).length)],
      };
    },
  };
}

export const histograms = layersChart({
  name: "histograms",
  subject: "Pre-activations: what each layer's activation function receives",
  title: "Pre-activations per layer",
  quantity: "preActivation",
  what: "what each layer's activation function receives",
});

export const activations = layersChart({
  name: "activations",
  subject: "Layer inputs: what each layer's kernel is multiplied with",
  title: "Inputs of each layer",
  quantity: "layerInput",
  what: "what each layer receives",
});

function sidesText({ arms: [above, below] }: Panels): string {
  if (above === undefined) return "no arm";
  return below === undefined ? above.longName : `${above.longName} (above) and ${below.longName} (below)`;
}

function reading({ top, isCut, beyond }: Panels, what: string): string {
  const cut = beyond > top ? `, cut at ${percentText(top)}` : "";
  const pale = beyond > 0 ? ` Pale bars: values beyond the axis${cut}; the share is written.` : "";
  const bins = isCut ? `; the output's bins are cut at ${percentText(top)}` : "";
  return `Histograms of ${what}, over samples and units. Height: share of the values in a bin, square-root scale${bins}.${pale}`;
}

function omissions({ layers, layerCount, updates, allUpdates, arms }: Panels, armCount: number): string {
  const drawn = [
    ...(arms.length < armCount ? [`the first two of ${armCount} arms`] : []),
    ...(updates.length < allUpdates.length ? [`${updates.length} of ${allUpdates.length} recorded updates`] : []),
    ...(layers.length < layerCount ? [`${layers.length} of ${layerCount} layers`] : []),
  ];
  return drawn.length === 0 ? "" : `Drawn: ${listText(drawn)}; all are in result.json.`;
}

/** Says for the last row what share each arm has beyond the axes, since that is what the pictures are looked at for. */
function describe(record: Result, panels: Panels, quantity: Quantity, what: string): Caption["description"] {
  const { arms, updates, layers } = panels;
  const [first = 0, last = 0] = [updates[0], updates.at(-1)];
  const extent = `${layers.length} layers at ${updates.length} recorded updates from ${first} to ${last}: ${what}, ${sidesText(panels)}.`;
  const names = new Map(armStyles(Object.keys(record.arms)).map(({ name, label }) => [label, name]));
  const each = arms.map(({ label, divergedAt }) => {
    if (divergedAt !== undefined) return `${label} ${divergedText(divergedAt)}.`;
    const shares = new Map<string, number>();
    for (const row of tails.rows(record)) {
      if (
        row["arm"] !== names.get(label) ||
        row["updates"] !== last ||
        row["quantity"] !== quantity ||
        row["side"] === "not finite"
      )
        continue;
      const layer = String(row["layer_name"]);
      shares.set(layer, (shares.get(layer) ?? 0) + Number(row["count"]) / Number(row["total"]));
    }
    const [where, most] = [...shares].reduce((largest, one) => (one[1] > largest[1] ? one : largest), ["", 0]);
    if (most === 0) return `At update ${last} no value of ${label} lies beyond the axes.`;
    return `At update ${last} up to ${percentText(most)} of the values of ${label} lie beyond the axis, most in ${where}.`;
  });
  return [extent, ...each].join(" ");
}
