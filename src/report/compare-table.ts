import { armStyles } from "../charts/theme.js";
import { factorText, shortNumber } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import type { NamedRun } from "./named-runs.js";
import { firstFailure } from "./reading-layers.js";
import type { Table } from "./tables.js";

/** What differs in the runs' configurations, a run a column; no rows where nothing does. */
export function differingTable(runs: readonly NamedRun[]): Table {
  const flat = runs.map(({ result }) => settingsOf(result));
  const keys = [...new Set(flat.flatMap((settings) => [...settings.keys()]))];
  const rows = keys.flatMap((key) => {
    const values = flat.map((settings) => settings.get(key) ?? "–");
    return new Set(values).size < 2 ? [] : [[key, ...values]];
  });
  return { head: ["setting", ...runs.map(({ label }) => label)], rows, left: runs.length + 1 };
}

/** Every setting as text; those of arms by `arms.NAME.KEY`. */
function settingsOf({ config }: Result): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    if (key === "arms") continue;
    settings.set(key, textOf(value));
  }
  for (const [arm, own] of Object.entries(config.arms)) {
    settings.set(`arms.${arm}`, "there");
    for (const [key, value] of Object.entries(own)) settings.set(`arms.${arm}.${key}`, textOf(value));
  }
  return settings;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && value !== null && "sha256" in value)
    return `file ${String(value.sha256).slice(0, 12)}`;
  return String(value);
}

/** How each run ended: finals, effects, and where it failed first; a run a column. */
export function outcomeTable(runs: readonly NamedRun[]): Table {
  const names = [...new Set(runs.flatMap(({ result }) => Object.keys(result.arms)))];
  const labels = new Map(armStyles(names).map(({ name, label }) => [name, label]));
  const row = (title: string, cell: (result: Result) => string) => [title, ...runs.map(({ result }) => cell(result))];
  const rows = names.flatMap((name) => {
    const label = labels.get(name) ?? "";
    return [
      row(`${label}: final cost`, (result) => finalText(result, name, "train")),
      row(`${label}: with moving averages`, (result) => finalText(result, name, "inference")),
      row(`${label}: first layer to fail`, ({ arms }) => {
        const arm = arms[name];
        const fault = arm === undefined ? undefined : firstFailure(arm);
        if (arm === undefined) return "–";
        return fault === undefined ? "none" : `${fault.layer}, ${fault.text}`;
      }),
      row(`${label}: effect, cost divided by`, ({ effects }) => {
        const mean = effects[name]?.train.mean;
        return mean === undefined ? "–" : factorText(mean);
      }),
    ];
  });
  const anchors = [row("predicting the mean", ({ anchors }) => shortNumber(anchors.predictMean))];
  const said = [...rows, ...anchors].filter((cells) => cells.slice(1).some((cell) => cell !== "–"));
  return { head: ["outcome", ...runs.map(({ label }) => label)], rows: withoutEqualModes(said), left: runs.length + 1 };
}

function finalText({ arms }: Result, name: string, mode: "train" | "inference"): string {
  const arm = arms[name];
  if (arm === undefined) return "–";
  if (arm.status === "diverged") return `diverged at update ${arm.divergence.update}`;
  return shortNumber(arm.final[mode]);
}

/** An arm without moving averages needs no second row. */
function withoutEqualModes(rows: readonly (readonly string[])[]): (readonly string[])[] {
  return rows.filter((row, place) => {
    const before = rows[place - 1];
    const isSecond = row[0]?.endsWith(": with moving averages") ?? false;
    return !isSecond || before === undefined || row.slice(1).join() !== before.slice(1).join();
  });
}
