import { listText } from "../charts/wording.js";
import { finalsOver } from "../experiment/effects.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
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
  const all = isMany ? arms.flatMap((arm) => costsOver(result, arm)) : [];
  const cards = arms.map((arm, place) => {
    const { figure, below } = isMany ? endingOverSeeds(result, arm) : endingOf(arm);
    const spread = spreadOf(isMany ? costsOver(result, arm) : [], Math.min(...all), Math.max(...all));
    return html`<li class="card arm-${place}"><strong>${arm.label}</strong><span class="figure">${figure}</span>${spread}<span>${below}</span></li>`;
  });
  const { noiseFloor, predictMean, chance } = result.referenceCosts;
  const words = lossWords(result.referenceCosts);
  const costs = chance === undefined ? t`Mean squared errors` : t`Cross-entropies`;
  const referenceCosts = listText([
    `${words.constant} ${numberText(predictMean)}`,
    ...(chance === undefined ? [] : [t`chance ${numberText(chance)}`]),
    ...(noiseFloor === undefined ? [] : [t`the noise alone ${numberText(noiseFloor)}`]),
  ]);
  const whose = isMany ? t`, medians over ${result.seeds.length} seeds (a dot for each, on a log scale)` : "";
  return html`<ul class="cards">${cards}</ul><p class="facts">${costs}${whose}. For comparison, ${referenceCosts}.</p>`;
}

function endingOf({ arm }: LabeledArm): Ending {
  if (arm.status === "diverged") return { figure: t`diverged`, below: t`at update ${arm.divergence.update}` };
  const { train, inference, accuracy } = arm.final;
  const right = typeof accuracy?.inference === "number" ? t`; ${percentText(accuracy.inference)} right` : "";
  return { figure: shown(inference), below: `${modesText(t`final cost`, train, inference)}${right}` };
}

/** An arm's final costs in inference mode, a seed each. */
function costsOver({ seeds }: Result, { name }: LabeledArm): number[] {
  return seeds.flatMap(({ arms }) => {
    const arm = ownEntry(arms, name);
    const cost = arm?.status === "trained" ? arm.final.inference : undefined;
    return typeof cost === "number" ? [cost] : [];
  });
}

/** Of a spread, px. */
const [WIDTH, HEIGHT] = [200, 10];

/** A dot for each seed, on the log scale that all cards have in common. */
function spreadOf(costs: readonly number[], low: number, high: number): Markup | undefined {
  if (costs.length < 2 || !(low > 0 && high > low)) return undefined;
  const radius = HEIGHT / 2 - 1;
  const dots = costs.map((cost) => {
    const x = radius + ((WIDTH - 2 * radius) * Math.log(cost / low)) / Math.log(high / low);
    return html`<circle cx="${x.toFixed(1)}" cy="${HEIGHT / 2}" r="${radius}"/>`;
  });
  return html`<svg class="spread" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">${dots}</svg>`;
}

function endingOverSeeds(result: Result, arm: LabeledArm): Ending {
  const [{ seeds }, { name }] = [result, arm];
  const costs = costsOver(result, arm);
  const range = costs.length < 2 ? "" : ` (${[Math.min(...costs), Math.max(...costs)].map(numberText).join("–")})`;
  const [train, inference] = [finalsOver(seeds, name, "train"), finalsOver(seeds, name, "inference")];
  if (train.quartiles === undefined) return { figure: t`diverged`, below: t`in all ${train.seeds} seeds` };
  const median = inference.quartiles?.median ?? t`none`;
  const onlyMoving = inference.diverged - train.diverged;
  const below = [
    modesText(t`median final cost`, train.quartiles.median, median, range),
    ...(train.diverged === 0 ? [] : [t`${train.diverged} of ${train.seeds} seeds diverged`]),
    ...(onlyMoving === 0 ? [] : [t`${countedText(onlyMoving, "seed")} without a finite cost in inference mode`]),
  ];
  return { figure: shown(median), below: below.join("; ") };
}

function modesText(what: string, train: number, inference: number | string, range = ""): string {
  if (train === inference) return `${what}${range}`;
  return t`${what} in inference mode${range}; ${numberText(train)} in training mode`;
}

function shown(cost: number | string): string {
  return typeof cost === "number" ? numberText(cost) : cost;
}
