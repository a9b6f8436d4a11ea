import { determining, identityOf } from "../experiment/identity.js";
import type { Experiment } from "../experiment/prepare.js";
import type { ResolvedConfig } from "../record/config.js";
import { ownEntry } from "../record/own-entry.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";

/** A baseline in an experiment's folder; it names the file with its tensors. */
export const BASELINE_FILE = "baseline.json";

/**
 * The tensors' file has their hash in its name, so that old and new ones lie beside each other until the baseline that
 * names them is replaced: at every moment it finds its own. (Before, it was `baseline.safetensors`.)
 */
export const statesFile = (sha256: string): string => `baseline-${sha256.slice(0, 16)}.safetensors`;
/** Any file that `statesFile` names or named. */
export const STATES_FILES = /^baseline(?:-[0-9a-f]{16})?\.safetensors$/;

/** The part of a configuration that must be the same for two runs to be compared. */
export function comparableConfig({ config }: Experiment): Record<string, unknown> {
  const { roundingProbe: _, ...rest } = determining(config as Partial<ResolvedConfig>);
  // As it reads from JSON: no key that holds undefined.
  return JSON.parse(JSON.stringify(rest));
}

export function configHash(config: Record<string, unknown>): string {
  const sorted = Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
  return identityOf(sorted);
}

/** The keys in which two configurations differ, each with both values; empty when they are the same. */
export function differingKeys(baseline: Record<string, unknown>, current: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(baseline), ...Object.keys(current)])].flatMap((key) => {
    const [before, now] = [ownEntry(baseline, key), ownEntry(current, key)].map((value) =>
      value === undefined ? "absent" : JSON.stringify(value),
    );
    return before === now ? [] : [t`${excerpt(key)}: ${shortened(before)} in the baseline, now ${shortened(now)}`];
  });
}

function shortened(text = ""): string {
  return excerpt(text, 80);
}
