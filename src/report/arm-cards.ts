import { listText } from "../charts/wording.js";
import { finalsOver } from "../experiment/effects.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { lossWords } from "../text/losses.js";
import { countedText, numberText, percentText } from "../text/numbers.js";
import { type LabeledArm, labeledArms, MOST_TOLD } from "./labeled-arms.js";

/** An arm's end: a figure, and in small what it is. */
interface Ending {
  readonly figure: string;
  readonly below: string;
}

/** Each arm's end in large figures, for as many arms as stand side by side: of several seeds their medians. */
export function armCards(result: Result): Markup | undefined {
  const arms = labeledArms(result);
  if (arms.length > MOST_TOLD) return undefined;
  const isMany = result.seeds.length > 1;
  const cards = arms.map((arm, place) => {
    const { figure, below } = isMany ? endingOverSeeds(result, arm) : endingOf(arm);
    return html`<li class="card arm-${place}"><strong>${arm.label}</strong><span class="figure">${figure}</span><span>${below}</span></li>`;
  });
  const { noiseFloor, predictMean, chance } = result.referenceCosts;
  const words = lossWords(result.referenceCosts);
  const costs = chance === undefined ? "Mean squared errors" : "Cross-entropies";
  const referenceCosts = listText([
    `${words.constant} ${numberText(predictMean)}`,
    ...(chance === undefined ? [] : [`chance ${numberText(chance)}`]),
    ...(noiseFloor === undefined ? [] : [`the noise alone ${numberText(noiseFloor)}`]),
  ]);
  const whose = isMany ? `, medians over ${result.seeds.length} seeds` : "";
  return html`<ul class="cards">${cards}</ul><p class="facts">${costs}${whose}. For comparison, ${referenceCosts}.</p>`;
}

function endingOf({ arm }: LabeledArm): Ending {
  if (arm.status === "diverged") return { figure: "diverged", below: `at update ${arm.divergence.update}` };
  const { train, inference, accuracy } = arm.final;
  const right = typeof accuracy?.inference === "number" ? `; ${percentText(accuracy.inference)} right` : "";
  return { figure: shown(inference), below: `${modesText("final cost", train, inference)}${right}` };
}

function endingOverSeeds({ seeds }: Result, { name }: LabeledArm): Ending {
  const [train, inference] = [finalsOver(seeds, name, "train"), finalsOver(seeds, name, "inference")];
  if (train.quartiles === undefined) return { figure: "diverged", below: `in all ${train.seeds} seeds` };
  const median = inference.quartiles?.median ?? "none";
  const onlyMoving = inference.diverged - train.diverged;
  const below = [
    modesText("median final cost", train.quartiles.median, median),
    ...(train.diverged === 0 ? [] : [`${train.diverged} of ${train.seeds} seeds diverged`]),
    ...(onlyMoving === 0 ? [] : [`${countedText(onlyMoving, "seed")} without a finite cost in inference mode`]),
  ];
  return { figure: shown(median), below: below.join("; ") };
}

function modesText(what: string, train: number, inference: number | string): string {
  if (train === inference) return what;
  return `${what} in inference mode; ${numberText(train)} in training mode`;
}

function shown(cost: number | string): string {
  return typeof cost === "number" ? numberText(cost) : cost;
}
