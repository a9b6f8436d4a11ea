import { armsOf } from "../charts/runs.js";
import { listText } from "../charts/wording.js";
import { finalsOver } from "../experiment/effects.js";
import { firstFailure } from "../outcome/failure.js";
import { limit } from "../outcome/limits.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import { factorText } from "../text/findings.js";
import { t } from "../text/language.js";
import { lossWords } from "../text/losses.js";
import { numberText } from "../text/numbers.js";
import { layerName } from "../text/places.js";
import type { Rows } from "../text/rows.js";
import { differingSettings, type NamedRun } from "./named-runs.js";
import { faultText } from "./reading-layers.js";

const MOST_ARMS = 3;

/** What sets the runs' ends apart, arm by arm; undefined where their costs are of other points. */
export function compareHeadline(runs: readonly NamedRun[]): string | undefined {
  const [first] = runs;
  if (runs.some(({ result }) => result.referenceCosts.predictMean !== first?.result.referenceCosts.predictMean))
    return undefined;
  const said = armsOf(runs).flatMap(({ name, label }) => {
    const having = runs.filter(({ result }) => ownEntry(result.arms, name) !== undefined);
    return having.length < 2 ? [] : [`${label} ${endsText(having, name)}`];
  });
  if (said.length === 0) return undefined;
  return t`By final cost in inference mode${said.length > MOST_ARMS ? t`, for example` : ""}: ${said.slice(0, MOST_ARMS).join("; ")}.`;
}

function endsText(runs: readonly NamedRun[], name: string): string {
  const ended = runs.flatMap(({ label, result }) => {
    const cost = finalsOver(result.seeds, name, "inference").quartiles?.median;
    return cost === undefined ? [] : [{ label, cost }];
  });
  const lost = runs.map(({ label }) => label).filter((label) => ended.every((run) => run.label !== label));
  const [lowest, ...others] = ended.toSorted((one, other) => one.cost - other.cost);
  const highest = others.at(-1);
  if (lowest === undefined) return t`diverges in all of these runs`;
  const gone = lost.length === 0 ? "" : t` and diverges in ${listText(lost)}`;
  const text = ({ label, cost }: { label: string; cost: number }) => `${label} (${numberText(cost)})`;
  if (highest === undefined) return t`ends at ${numberText(lowest.cost)} in ${lowest.label}${gone}`;
  if (highest.cost < limit("equal-ends") * lowest.cost)
    return t`ends about equally in ${listText(ended.map(text))}${gone}`;
  return t`ends lowest in ${text(lowest)} and highest in ${text(highest)}${gone}`;
}

/** What differs in the runs' configurations, and where each was written; a run a column. */
export function differingTable(runs: readonly NamedRun[]): Rows {
  const settings = differingSettings(runs.map(({ result }) => result)).map(({ key, values }) => [key, ...values]);
  const isFolder = runs.every(({ label, folder }) => label === folder);
  const folders = isFolder ? [] : [[t`run folder`, ...runs.map(({ folder }) => folder)]];
  return rowsOf(t`setting`, runs, [...settings, ...folders]);
}

/** How each run ended: finals, effects, and where it failed first; a run a column. */
export function outcomeTable(runs: readonly NamedRun[]): Rows {
  const row = (title: string, cell: (result: Result) => string) => [title, ...runs.map(({ result }) => cell(result))];
  const arms = armsOf(runs).flatMap(({ name, label }) => {
    const [predicted, trained] = (["inference", "train"] as const).map((mode) =>
      runs.map(({ result }) => finalText(result, name, mode)),
    );
    return [
      [t`${label}: final cost`, ...(predicted ?? [])],
      // An arm without moving averages needs no second row.
      ...(trained?.join() === predicted?.join() ? [] : [[t`${label}: in training mode`, ...(trained ?? [])]]),
      row(t`${label}: first layer to fail`, (result) => {
        const arm = ownEntry(result.arms, name);
        const fault = arm === undefined ? undefined : firstFailure(arm);
        if (fault !== undefined) return `${layerName(fault.layer, fault.layers)}, ${faultText(fault, result)}`;
        return arm === undefined ? "–" : t`none`;
      }),
      row(t`${label}: effect, cost divided by`, ({ effects }) => {
        const mean = ownEntry(effects, name)?.inference.mean;
        return mean === undefined ? "–" : factorText(mean);
      }),
    ];
  });
  const rows = [
    ...arms,
    row(lossWords(runs[0]?.result.referenceCosts ?? {}).constant, ({ referenceCosts }) =>
      numberText(referenceCosts.predictMean),
    ),
  ];
  return rowsOf(
    t`outcome`,
    runs,
    rows.filter((cells) => cells.slice(1).some((cell) => cell !== "–")),
  );
}

function rowsOf(first: string, runs: readonly NamedRun[], rows: readonly (readonly string[])[]): Rows {
  return { head: [first, ...runs.map(({ label }) => label)], rows, left: runs.length + 1 };
}

/** Of several seeds the median of those that did not diverge. */
function finalText({ arms, seeds }: Result, name: string, mode: "train" | "inference"): string {
  const arm = ownEntry(arms, name);
  if (arm === undefined) return "–";
  if (seeds.length > 1) {
    const { quartiles, diverged } = finalsOver(seeds, name, mode);
    return [
      ...(quartiles === undefined ? [] : [t`median ${numberText(quartiles.median)}`]),
      ...(diverged > 0 ? [t`${diverged} of ${seeds.length} seeds diverged`] : []),
    ].join("; ");
  }
  return arm.status === "diverged" ? divergedText(arm.divergence.update) : numberText(arm.final[mode]);
}
