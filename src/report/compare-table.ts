import { armStyles } from "../charts/theme.js";
import { numberText } from "../charts/wording.js";
import { finalsOver } from "../experiment/effects.js";
import { firstFailure } from "../experiment/failure.js";
import { factorText, layerName } from "../experiment/findings.js";
import { ownEntry } from "../experiment/own-entry.js";
import type { Result } from "../record/result.js";
import type { NamedRun } from "./named-runs.js";
import { faultText } from "./reading-layers.js";
import { differingSettings } from "./run-settings.js";
import type { Table } from "./tables.js";

/** What differs in the runs' configurations, and where each was written; a run a column. */
export function differingTable(runs: readonly NamedRun[]): Table {
  const settings = differingSettings(runs.map(({ result }) => result)).map(({ key, values }) => [key, ...values]);
  const folders = runs.some(({ label, folder }) => label !== folder)
    ? [["run folder", ...runs.map(({ folder }) => folder)]]
    : [];
  return {
    head: ["setting", ...runs.map(({ label }) => label)],
    rows: [...settings, ...folders],
    left: runs.length + 1,
  };
}

/** How each run ended: finals, effects, and where it failed first; a run a column. */
export function outcomeTable(runs: readonly NamedRun[]): Table {
  const names = [...new Set(runs.flatMap(({ result }) => Object.keys(result.arms)))];
  const labels = new Map(armStyles(names).map(({ name, label }) => [name, label]));
  const row = (title: string, cell: (result: Result) => string) => [title, ...runs.map(({ result }) => cell(result))];
  const rows = names.flatMap((name) => {
    const label = labels.get(name) ?? "";
    return [
      row(`${label}: final cost`, (result) => finalText(result, name, "inference")),
      row(`${label}: in training mode`, (result) => finalText(result, name, "train")),
      row(`${label}: first layer to fail`, ({ arms }) => {
        const arm = ownEntry(arms, name);
        const fault = arm === undefined ? undefined : firstFailure(arm);
        if (arm === undefined) return "–";
        return fault === undefined ? "none" : `${layerName(fault.layer, fault.layers)}, ${faultText(fault)}`;
      }),
      row(`${label}: effect, cost divided by`, ({ effects }) => {
        const mean = ownEntry(effects, name)?.inference.mean;
        return mean === undefined ? "–" : factorText(mean);
      }),
    ];
  });
  const referenceCosts = [row("predicting the mean", ({ referenceCosts }) => numberText(referenceCosts.predictMean))];
  const said = [...rows, ...referenceCosts].filter((cells) => cells.slice(1).some((cell) => cell !== "–"));
  return { head: ["outcome", ...runs.map(({ label }) => label)], rows: withoutEqualModes(said), left: runs.length + 1 };
}

/** Of several seeds the median of those that did not diverge. */
function finalText({ arms, seeds }: Result, name: string, mode: "train" | "inference"): string {
  const arm = ownEntry(arms, name);
  if (arm === undefined) return "–";
  if (seeds.length > 1) {
    const { quartiles, diverged } = finalsOver(seeds, name, mode);
    return [
      ...(quartiles === undefined ? [] : [`median ${numberText(quartiles.median)}`]),
      ...(diverged > 0 ? [`${diverged} of ${seeds.length} seeds diverged`] : []),
    ].join("; ");
  }
  if (arm.status === "diverged") return `diverged at update ${arm.divergence.update}`;
  return numberText(arm.final[mode]);
}

/** An arm without moving averages needs no second row. */
function withoutEqualModes(rows: readonly (readonly string[])[]): (readonly string[])[] {
  return rows.filter((row, place) => {
    const before = rows[place - 1];
    const isSecond = row[0]?.endsWith(": in training mode") ?? false;
    return !isSecond || before === undefined || row.slice(1).join() !== before.slice(1).join();
  });
}
