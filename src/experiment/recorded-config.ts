import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fromRecord, INPUTS } from "../config/codec.js";
import { checkLayer } from "../config/layers.js";
import { type Configuration, mergeLayers } from "../config/merge.js";
import { presets } from "../config/presets.js";
import type { Problem, Problems } from "../problems.js";
import type { ResolvedConfig } from "../record/config.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";

/**
 * The settings that a recorded configuration stands for, by the same rules as those of flags and experiment files; what
 * breaks one of them goes to `problems`, each starting with the key (`config.width: …`). `folder` is where the run keeps
 * the files that it was given.
 */
export function recordedConfiguration(
  { config }: Pick<Result, "config">,
  folder: string,
  problems: Problems,
): Configuration {
  const entries = Object.entries(fromRecord(config)).map(([key, value]) => ({
    key,
    value: Object.hasOwn(INPUTS, key) ? join(folder, String(value)) : value,
  }));
  const layer = checkLayer({ entries, locate: (path) => `config.${path}` }, problems);
  const preset = layer.settings.preset ?? "tutorial";
  return mergeLayers(presets[preset], [layer], problems);
}

/**
 * Where a configuration that its settings resolve to differs from the recorded one: a key that was edited while what
 * follows from it was not.
 */
export function resolvesOtherwise(
  recorded: ResolvedConfig,
  resolved: Omit<ResolvedConfig, "engine" | "backend">,
): Problem[] {
  const { engine: _, backend: __, ...config } = recorded;
  return [...new Set([...Object.keys(config), ...Object.keys(resolved)])].flatMap((key) => {
    const [was, is] = [config, resolved].map((side) => ownEntry<unknown>(side, key));
    return isDeepStrictEqual(was, is)
      ? []
      : [t`config.${key}: is ${shown(was)}, and the other settings make it ${shown(is)}`];
  });
}

function shown(value: unknown): string {
  const text = value === undefined ? t`absent` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
