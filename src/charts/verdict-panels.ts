import type { Result, Verdict } from "../experiment/result.js";
import { chooseEvenly } from "./layer-panels.js";
import { armStyles } from "./theme.js";

const MOST_LAYERS = 40;
const MOST_UPDATES = 50;

/** One layer's state at one recorded update. */
export interface Cell {
  readonly layer: number;
  readonly update: number;
  readonly verdict: Verdict;
}

/** One arm of the first seed. */
export interface VerdictPanel {
  readonly label: string;
  /** Drawn, in order; an arm that diverged ends with its divergence. */
  readonly updates: readonly number[];
  readonly recorded: number;
  readonly cells: readonly Cell[];
  readonly divergedAt?: number;
}

export interface VerdictPanels {
  readonly arms: readonly VerdictPanel[];
  /** A column each, the same in every panel: the drawn updates of all arms. */
  readonly columns: readonly number[];
  /** Drawn, the input side first. */
  readonly layers: readonly number[];
  readonly layerCount: number;
}

export function verdictPanels(result: Result): VerdictPanels {
  const all = Object.values(result.arms).flatMap(({ checkpoints }) => checkpoints);
  const layerCount = all.reduce((most, { layers }) => Math.max(most, layers.length), 0);
  const layers = chooseEvenly([...Array(layerCount).keys()], MOST_LAYERS);
  const ends = Object.values(result.arms).flatMap((arm) => (arm.status === "diverged" ? [arm.divergence.update] : []));
  const columns = chooseEvenly(
    [...new Set(all.map(({ update }) => update))].sort((a, b) => a - b),
    MOST_UPDATES,
    ends,
  );
  const arms = armStyles(Object.keys(result.arms)).flatMap(({ name, label }) => {
    const arm = result.arms[name];
    if (arm === undefined) return [];
    const recorded = arm.checkpoints.map(({ update }) => update);
    const updates = recorded.filter((update) => columns.includes(update));
    const cells = arm.checkpoints
      .filter(({ update }) => updates.includes(update))
      .flatMap((checkpoint) =>
        layers.flatMap((layer) => {
          const verdict = checkpoint.layers[layer]?.health.verdict;
          return verdict === undefined ? [] : [{ layer, update: checkpoint.update, verdict }];
        }),
      );
    const end = arm.status === "diverged" ? { divergedAt: arm.divergence.update } : {};
    return [{ label, updates, recorded: recorded.length, cells, ...end }];
  });
  return { arms, columns, layers, layerCount };
}

/** How the layers of an arm are judged at its last record: "5 of 8 layers saturated, 3 healthy". */
export function tallyText({ cells, updates }: VerdictPanel, layers: number): string {
  const last = cells.filter(({ update }) => update === updates.at(-1));
  const counts = new Map<string, number>();
  for (const { verdict } of last) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const parts = [...counts].sort(([, one], [, other]) => other - one).map(([verdict, count]) => `${count} ${verdict}`);
  return parts.length === 0 ? "nothing recorded" : `of ${layers} layers ${parts.join(", ")}`;
}
