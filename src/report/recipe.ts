import { isDeepStrictEqual } from "node:util";
import { shortest, toCommandLine, toYaml } from "../config/codec.js";
import { pairOf } from "../config/merge.js";
import type { Result } from "../record/result.js";

/** How to run the same again. */
export interface Recipe {
  /** `npx bn-compare run …`; paths are meant from the run folder. */
  readonly command: string;
  /** The content of `experiment.yaml`, where the arms are more than flags can say. */
  readonly file?: string;
  /** Whether the run folder's own files are needed. */
  readonly givenFiles: boolean;
}

const AGAIN = "../again";

/** The shortest command that makes the same run: what the preset says is left out. */
export function recipeOf({ config, arms }: Result): Recipe {
  const settings = shortest(config);
  const givenFiles = [config.data, config.testData, config.weights].some((file) => file !== undefined);
  const isPair = isDeepStrictEqual(config.arms, pairOf(config)) && Object.keys(arms).length === 2;
  // Run inside a run folder, whose copies it needs; a folder in that one would be no run's.
  const beside = givenFiles ? [`--out ${AGAIN}`] : [];
  const flags = isPair ? toCommandLine(settings) : "experiment.yaml";
  const command = ["npx bn-compare run", flags, ...beside].filter((part) => part !== "").join(" ");
  return { command, givenFiles, ...(isPair ? {} : { file: toYaml({ ...settings, arms: config.arms }) }) };
}
