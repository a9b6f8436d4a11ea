import { type Finding, findingsOf, holding } from "../explain/explain.js";
import type { Pair } from "../explain/pair.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import type { Unmeasured } from "../record/explanation.js";
import { divergedText } from "../text/endings.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import { bold, dim, heading, type ScreenText, screen } from "../text/screen.js";

const UNMEASURED: Readonly<Record<Unmeasured, string>> = {
  "needs-probe": t`each arm has only one learning rate in a run; --probe trains both arms at four others`,
  diverged: t`the arm in question diverged, so it has no final cost`,
  "not-recorded": t`the run does not record the numbers that it needs`,
  "no-comparison": t`both arms diverge at the run's rate or at all others, so there is no advantage to compare`,
};

/** What `explain` prints of a pair: the ends, and the causes in three groups. */
export function explanationText(pair: Pair): ScreenText {
  const findings = findingsOf(pair);
  const first = holding(findings);
  const unmeasured = findings.flatMap(({ cause, measured }) =>
    "unmeasured" in measured ? [screen`  ${cause.title}: ${UNMEASURED[measured.unmeasured]}`] : [],
  );
  const others = findings.flatMap((finding) => {
    const { cause, measured } = finding;
    if ("unmeasured" in measured || first.includes(finding)) return [];
    return [screen`  ${cause.title}: ${"absent" in measured ? measured.absent : measured.text}`];
  });
  const group = (title: string, lines: readonly ScreenText[]) =>
    lines.length === 0 ? [] : [screen`${heading(title)}\n\n${screen.joined(lines, "\n")}`];
  return screen.joined(
    [
      bold(endsText(pair, first.length > 0)),
      ...(first.length === 0 ? [screen`None of the listed causes holds.`] : []),
      ...group(t`Causes that hold, most likely first`, first.map(causeText)),
      ...group(t`Not measured`, unmeasured),
      ...group(t`Do not hold`, others.map(dim)),
    ],
    "\n\n",
  );
}

function causeText({ cause, measured }: Finding, place: number): ScreenText {
  const text = "text" in measured ? measured.text : "";
  return screen`  ${place + 1}. ${bold(cause.title)}: ${text}. ${cause.remedy}`;
}

/** How the two arms end, and whether that is an improvement. */
function endsText({ name, arm, control }: Pair, isLimited: boolean): string {
  const ends = t`${name} ${endText(arm)}, ${control.name} ${endText(control.arm)} (inference mode)`;
  const [own, other] = [costOf(arm), costOf(control.arm)];
  if (own === other) return t`${ends}: no improvement.`;
  const factor = other / own;
  if (!Number.isFinite(factor) || factor === 0) return `${ends}.`;
  if (factor < 1 / limit("equal-ends"))
    return t`${ends}: no improvement; the cost is ${numberText(1 / factor)} times as high.`;
  if (factor < limit("equal-ends"))
    return t`${ends}: no improvement; the costs are equal within a factor of ${limit("equal-ends")}.`;
  return t`${ends}: an improvement; the cost is ${numberText(factor)} times lower.${isLimited ? t` What follows limits it.` : ""}`;
}

function endText(arm: ArmResult): string {
  return arm.status === "diverged"
    ? divergedText(arm.divergence.update)
    : t`ends at ${numberText(arm.final.inference)}`;
}

function costOf(arm: ArmResult): number {
  return arm.status === "diverged" ? Number.POSITIVE_INFINITY : Number(arm.final.inference);
}
