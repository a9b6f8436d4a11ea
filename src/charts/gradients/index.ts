import type { Result } from "../../record/result.js";
import { gradients as gradientTable } from "../../tables/gradients.js";
import { layerName } from "../../tables/table.js";
import { divergedText } from "../../text/endings.js";
import { countText, numberText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { armStyles } from "../theme.js";
import { activationText, listText } from "../wording.js";
import { drawnGradients, gradientsSpec, hasOwnScales } from "./spec.js";

/** How large each layer's gradient is. */
export const gradients: Chart = {
  name: "gradients",
  subject: "How large the gradient is in each layer",
  scope: "first seed",
  title: (record) => `Gradient norms per layer — ${activationText(record)}`,
  tables: [gradientTable],
  spec: gradientsSpec,
  caption: (record) => ({ description: describe(record), notes: [reading(record), omissions(record)] }),
};

function reading(record: Result): string {
  const drawn = drawnGradients(record);
  const scales =
    hasOwnScales(drawn) && drawn.norms.length > 1
      ? " Each panel has a scale of its own: on a common one at least one arm would lie flat."
      : "";
  return `L2 norm of the cost's gradient with respect to each layer's pre-activation, log scale; the input side is at the left.${scales}`;
}

function omissions(record: Result): string {
  const { updates, recorded, norms } = drawnGradients(record);
  const labels = new Map(armStyles(Object.keys(record.arms)).map(({ name, label }) => [name, label]));
  const thinned = updates.length < recorded ? [`Drawn: ${updates.length} of ${recorded} recorded updates.`] : [];
  const left = norms.flatMap(({ name, norms }) => {
    const zeros = norms.filter((norm) => typeof norm === "number" && norm <= 0).length;
    const others = norms.filter((norm) => typeof norm === "string").length;
    const counts = [...(zeros > 0 ? [`${zeros} zero`] : []), ...(others > 0 ? [`${others} not finite`] : [])];
    return counts.length === 0 ? [] : [`${labels.get(name)}: ${listText(counts)}`];
  });
  return [...thinned, ...(left.length > 0 ? [`Norms left out: ${left.join("; ")}.`] : [])].join(" ");
}

function describe(record: Result): string {
  const { updates, layerCount } = drawnGradients(record);
  const each = armStyles(Object.keys(record.arms)).map(({ name, label }) => {
    const arm = record.arms[name];
    const last = arm?.checkpoints.at(-1);
    const end = arm?.status === "diverged" ? ` ${label} ${divergedText(arm.divergence.update)}.` : "";
    const shown = (last?.layers ?? []).flatMap(({ layer, gradientNorms: { preActivation: norm } }) =>
      typeof norm === "number" && norm > 0 ? [`${numberText(norm)} in ${layerName(layer, layerCount)}`] : [],
    );
    if (last === undefined || shown.length === 0) return `${label}: no norm to draw at its last recorded update.${end}`;
    const ends = [...new Set([shown[0], shown.at(-1)])].join(", ");
    return `${label} at update ${countText(last.update)}: ${ends}.${end}`;
  });
  return [`A line for each of ${updates.length} updates over ${layerCount} layers.`, ...each].join(" ");
}
