import { gradients as gradientTable } from "../../tables/gradients.js";
import { layerName } from "../../tables/table.js";
import { countText, numberText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { endText, type Runs, titledArms, titleOf } from "../runs.js";
import { listText } from "../wording.js";
import { drawnGradients, gradientsSpec, hasOwnScales } from "./spec.js";

/** How large each layer's gradient is. */
export const gradients: Chart = {
  name: "gradients",
  subject: "How large the gradient is in each layer",
  scope: "first seed",
  title: (runs) => titleOf("Gradient norms per layer", runs),
  tables: [gradientTable],
  spec: gradientsSpec,
  caption: (runs) => ({ description: describe(runs), notes: [reading(runs), omissions(runs)] }),
};

function reading(runs: Runs): string {
  const isOwn = hasOwnScales(drawnGradients(runs)) && titledArms(runs).length > 1;
  const scales = isOwn ? " Each panel has a scale of its own: on a common one at least one arm would lie flat." : "";
  return `L2 norm of the cost's gradient with respect to each layer's pre-activation, log scale; the input side is at the left.${scales}`;
}

function omissions(runs: Runs): string {
  const { updates, recorded, norms } = drawnGradients(runs);
  const all = `${updates.length} of ${recorded.length} recorded updates`;
  const left = norms.flatMap(({ title, norms }) => {
    const zeros = norms.filter((norm) => typeof norm === "number" && norm <= 0).length;
    const others = norms.filter((norm) => typeof norm === "string").length;
    const counts = [...(zeros > 0 ? [`${zeros} zero`] : []), ...(others > 0 ? [`${others} not finite`] : [])];
    return counts.length === 0 ? [] : [`${title}: ${listText(counts)}`];
  });
  return [
    ...(updates.length < recorded.length ? [`Drawn: ${all}.`] : []),
    ...(left.length > 0 ? [`Norms left out: ${left.join("; ")}.`] : []),
  ].join(" ");
}

function describe(runs: Runs): string {
  const { updates, layerCount } = drawnGradients(runs);
  const each = titledArms(runs).map(({ title, arm }) => {
    const last = arm.checkpoints.at(-1);
    const end = arm.status === "diverged" ? ` ${title} ${endText(arm)}.` : "";
    const shown = (last?.layers ?? []).flatMap(({ layer, gradientNorms: { preActivation: norm } }) =>
      typeof norm === "number" && norm > 0 ? [`${numberText(norm)} in ${layerName(layer, layerCount)}`] : [],
    );
    if (last === undefined || shown.length === 0) return `${title}: no norm to draw at its last recorded update.${end}`;
    const ends = [...new Set([shown[0], shown.at(-1)])].join(", ");
    return `${title} at update ${countText(last.update)}: ${ends}.${end}`;
  });
  return [`A line for each of ${updates.length} updates over ${layerCount} layers.`, ...each].join(" ");
}
