import { listText } from "../charts/wording.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { numberText } from "../text/numbers.js";
import { layerName } from "../text/places.js";
import { labeledArms, MOST_TOLD } from "./labeled-arms.js";

/** What becomes of the gradient on its way from the output to the input, at the last record in which all of it is a number. */
type Way =
  | { readonly update: number; readonly factor: number; readonly isVanishing: boolean }
  | { readonly text: string };

/** Whether gradients vanish, and how they change toward the input. */
export function gradientsHere(result: Result): string {
  const arms = labeledArms(result);
  const ways = arms.slice(0, MOST_TOLD).map(({ mark, arm }) => ({ mark, ...wayOf(arm) }));
  const measured = ways.flatMap((way) => ("factor" in way ? [way] : []));
  const named = (is: boolean) =>
    listText(measured.filter(({ isVanishing }) => isVanishing === is).map(({ mark }) => mark));
  const updates = new Set(measured.map(({ update }) => update));
  const at = updates.size === 1 ? ` at update ${[...updates][0]}` : "";
  const [gone, kept] = [named(true), named(false)];
  const head =
    gone === ""
      ? `gradients do not vanish in ${kept}${at}`
      : `gradients vanish in ${gone}${kept && ` but not in ${kept}`}${at}`;
  const changes = measured.map(({ mark, update, factor }, place) => {
    const verb = verbOf(factor);
    const before = measured[place - 1];
    const again = before !== undefined && verbOf(before.factor) === verb;
    const size = numberText(factor >= 1 ? factor : 1 / factor);
    const change = verb === "keep" ? "keep their size" : `${again ? "" : `${verb} `}${size}-fold`;
    return `${change} in ${mark}${updates.size > 1 ? ` (update ${update})` : ""}`;
  });
  const rest = ways.flatMap((way) => ("text" in way ? [`${way.mark} ${way.text}`] : []));
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  const whole = measured.length === 0 ? [] : [`${head}: toward the input they ${listText(changes)}`];
  const sentence = [...whole, ...rest, ...more].join("; ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function verbOf(factor: number): "keep" | "grow" | "shrink" {
  if (numberText(factor) === "1") return "keep";
  return factor > 1 ? "grow" : "shrink";
}

function wayOf({ checkpoints }: ArmResult): Way {
  const records = checkpoints.map(({ update, layers }) => ({
    update,
    norms: layers.map(({ gradientNorms }) => gradientNorms.preActivation),
  }));
  const place = records.findLastIndex(({ norms }) => norms.every((norm) => typeof norm === "number"));
  const record = records[place];
  const norms = record?.norms.map(Number) ?? [];
  const [first, last] = [norms[0], norms.at(-1)];
  if (record === undefined || first === undefined || last === undefined || norms.length < 2)
    return { text: "has no gradients to compare" };
  const { update } = record;
  if (last === 0) return { text: `at update ${update} has no gradient left in any layer` };
  const isGone = (all: readonly unknown[]) => all.slice(0, -1).every((norm) => norm === 0);
  if (isGone(norms)) {
    const since = records.findLastIndex(({ norms }, index) => index <= place && !isGone(norms));
    const from = records[since + 1]?.update ?? update;
    return { text: `from update ${from} on has no gradient in any hidden layer: none of them can learn` };
  }
  if (first === 0) {
    const reached = layerName(
      norms.findIndex((norm) => norm !== 0),
      norms.length,
    );
    return { text: `at update ${update} has no gradient before ${reached}: what lies before it cannot learn` };
  }
  const isVanishing = norms.some((norm) => norm < limit("small-gradient") * last);
  return { update, factor: first / last, isVanishing };
}
