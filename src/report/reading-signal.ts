import type { Result } from "../record/result.js";
import { signal } from "../tables/signal.js";
import { numberText } from "../text/numbers.js";
import { labeledArms, MOST_TOLD } from "./labeled-arms.js";

/** How the size of the values changes from the first hidden layer to the last, before training. */
export function signalHere(result: Result): string {
  const rows = [...signal.rows(result)].filter(({ updates }) => updates === 0);
  const arms = labeledArms(result);
  const changes = arms.slice(0, MOST_TOLD).map(({ name, mark }) => {
    const layers = rows.filter(({ arm }) => arm === name);
    const hidden = layers.length > 1 ? layers.slice(0, -1) : layers;
    const [first, last] = [hidden[0], hidden.at(-1)];
    const [from, to] = [Number(first?.["size"]), Number(last?.["size"])];
    const factor = to / from;
    if (first === undefined || last === undefined || !Number.isFinite(factor))
      return `there is no size to compare in ${mark}`;
    const ends = `${numberText(from)} in ${first["layer_name"]}, ${numberText(to)} in ${last["layer_name"]}`;
    const theory = typeof last["theory"] === "number" ? `; by theory ${numberText(last["theory"])}` : "";
    const change =
      factor > 2
        ? `grow ${numberText(factor)}-fold`
        : factor < 0.5
          ? `shrink ${numberText(1 / factor)}-fold`
          : "keep their size";
    return `the values ${change} in ${mark} (${ends}${theory})`;
  });
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  return `Before training, ${[...changes, ...more].join("; ")}.`;
}
