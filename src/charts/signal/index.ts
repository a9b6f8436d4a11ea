import { t } from "../../text/language.js";
import { countText, numberText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { endText, type Runs, titleOf } from "../runs.js";
import { layerWords, listText } from "../wording.js";
import { drawnSizes, GRADIENTS, type LayerSize, layerSizesSpec, SIGNAL, type SizedArm } from "./spec.js";

interface SizesChart extends Pick<Chart, "name" | "subject"> {
  readonly title: string;
  readonly kind: LayerSize;
  /** What the numbers are. */
  readonly reading: string;
}

function sizesChart({ name, subject, title, kind, reading }: SizesChart): Chart {
  return {
    name,
    subject,
    scope: "first seed",
    title: (runs) => titleOf(title, runs),
    tables: [kind.table],
    keeps: kind.isOf,
    spec: (runs, view) => layerSizesSpec(kind, runs, view),
    caption: (runs) => ({ description: describe(kind, runs), notes: [[reading, ...omissions(kind, runs)].join(" ")] }),
  };
}

/** How large what each layer's activation receives is. */
export const signal = sizesChart({
  name: "signal",
  subject: t`How large the values are in each layer`,
  title: t`Size of the values in each layer`,
  kind: SIGNAL,
  reading: t`Root mean square of what each layer's activation receives, log scale, from the input side to the output. Broad pale lines: theory, where there is one.`,
});

/** How large each layer's gradient is. */
export const gradients = sizesChart({
  name: "gradients",
  subject: t`How large the gradient is in each layer`,
  title: t`Gradient norms per layer`,
  kind: GRADIENTS,
  reading: t`L2 norm of the cost's gradient with respect to each layer's pre-activations, log scale, from the input side to the output.`,
});

function omissions(kind: LayerSize, runs: Runs): string[] {
  const { updates, recorded, arms } = drawnSizes(kind, runs);
  const all = t`${updates.length} of ${recorded.length} recorded updates`;
  const left = arms.flatMap(({ title, values }) => {
    const zeros = values.filter(({ value }) => typeof value === "number" && value <= 0).length;
    const others = values.filter(({ value }) => typeof value === "string").length;
    const counts = [...(zeros > 0 ? [t`${zeros} zero`] : []), ...(others > 0 ? [t`${others} not finite`] : [])];
    return counts.length === 0 ? [] : [`${title}: ${listText(counts)}`];
  });
  return [
    ...(arms.some(({ arm }) => arm.status === "diverged") ? [t`Triangles: above the scale.`] : []),
    ...(updates.length < recorded.length ? [t`Drawn: ${all}.`] : []),
    ...(left.length > 0 ? [t`Left out: ${left.join("; ")}.`] : []),
  ];
}

function describe(kind: LayerSize, runs: Runs): string {
  const { updates, depth, arms } = drawnSizes(kind, runs);
  const endsAt = ({ values }: SizedArm, update: number): string => {
    const finite = values.flatMap(({ layer, value, ...at }) =>
      at.update === update && typeof value === "number" && value > 0
        ? [t`${numberText(value)} in ${layerWords(layer)}`]
        : [],
    );
    return finite.length === 0 ? t`nothing to draw` : [...new Set([finite[0], finite.at(-1)])].join(", ");
  };
  const each = arms.map((sized) => {
    const recorded = sized.values.map(({ update }) => update);
    const [first, last] = [Math.min(...recorded), Math.max(...recorded)];
    if (recorded.length === 0) return t`${sized.title}: nothing recorded.`;
    const texts = [...new Set([first, last])].map(
      (update) => t`at update ${countText(update)} ${endsAt(sized, update)}`,
    );
    const end = endText(sized.arm);
    return `${sized.title}: ${texts.join("; ")}.${end === "" ? "" : ` ${sized.title} ${end}.`}`;
  });
  return [
    t`One panel for each of ${updates.length} updates, one line for each arm over ${depth} layers.`,
    ...each,
  ].join(" ");
}
