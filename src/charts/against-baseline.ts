import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { countText, numberText } from "../text/numbers.js";
import { costs } from "./costs/index.js";
import { costsInOnePlot } from "./costs/spec.js";
import { dataSource } from "./data-sets.js";
import { drawn } from "./picture.js";
import { alone } from "./runs.js";
import { armStyles } from "./theme.js";
import { activationText, listText, runText } from "./wording.js";

type Costs = ArmResult["costs"];

const BASELINE = t`, baseline`;
const MODES = ["inference", "train"] as const;
/** How much of a color is left beside white. */
const KEPT = 0.4;

function faded(color: string): string {
  const channels = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  return `#${channels
    .map((channel) =>
      Math.round(255 - (255 - channel) * KEPT)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** The cost curves of a run's first seed beside those of a baseline, which are in the same colors, faded, as an SVG. */
export async function drawAgainstBaseline(record: Result, baseline: Readonly<Record<string, Costs>>): Promise<string> {
  const before = Object.entries(baseline).map(([name, entries]): [string, ArmResult] => {
    const now = record.arms[name];
    const last = entries.at(-1);
    const final = { train: last?.train ?? 0, inference: last?.inference ?? last?.train ?? 0 };
    const diverged = now?.status === "diverged" && (last?.update ?? 0) < record.config.updates ? now : undefined;
    const arm: ArmResult =
      diverged === undefined
        ? { status: "trained", costs: entries, checkpoints: [], frames: [], final, fit: [] }
        : { ...diverged, costs: entries, checkpoints: [], frames: [] };
    return [`${name}${BASELINE}`, arm];
  });
  const { roundingProbe: _, seeds, ...rest } = record;
  const arms = { ...record.arms, ...Object.fromEntries(before) };
  const [first] = seeds;
  const both = { ...rest, arms, seeds: first === undefined ? [] : [{ ...first, arms }] };
  const names = Object.keys(record.arms);
  const labels = new Map(armStyles(Object.keys(arms)).map(({ name, label }) => [name, label]));
  const ends = armStyles(names).flatMap(({ name, label }) => {
    const [was, is] = [baseline[name]?.at(-1), record.arms[name]?.costs.at(-1)].map(
      (end) => end?.inference ?? end?.train,
    );
    if (was === undefined || is === undefined) return [];
    return [t`${label} ended at ${numberText(was)} in the baseline and ends at ${numberText(is)} now.`];
  });
  const looks = new Map(
    armStyles(names).flatMap(({ name, color, dash }) =>
      MODES.map((mode) => [`${labels.get(`${name}${BASELINE}`)} · ${mode}`, { color: faded(color), dash }]),
    ),
  );
  const pale = new Set<unknown>(before.map(([name]) => labels.get(name)));
  // What is drawn first lies below.
  const sets = Object.entries(dataSource(alone(both))(costs.tables)).map(([name, rows]) => [
    name,
    rows.toSorted((one, other) => Number(pale.has(other["arm"])) - Number(pale.has(one["arm"]))),
  ]);
  const drawable = {
    name: "costs-against-baseline",
    title: t`Costs now and in the baseline: ${listText(armStyles(names).map(({ label }) => label))}, ${activationText(record)}`,
    description: ends.join(" "),
    notes: [t`Pale: the baseline. Measured on ${countText(record.data.evaluationSamples)} points. ${ends.join(" ")}`],
    about: runText(record),
    spec: costsInOnePlot(both, { viewport: "wide" }, (look) => ({ ...look, ...looks.get(look.key) })),
    sets: Object.fromEntries(sets),
  };
  return (await drawn(drawable)).file;
}
