import { type ExpectedError, usageError } from "./errors.js";
import { t } from "./text/language.js";

/** What is wrong, in one line that starts with where. */
export type Problem = string;

/** Problems of one input that are shown; the rest is counted. */
export const MOST_SHOWN = 20;

/**
 * The problems of one input: the first ones in words, the others as a number, so that a file with a million of them costs
 * no more than reading it. A problem that takes work to word is given as a function, which is called if it is shown.
 */
export class Problems {
  readonly #shown: Problem[] = [];
  #count = 0;

  /** One that is shown already is not another problem. */
  push(problem: Problem | (() => Problem)): void {
    if (this.#shown.length < MOST_SHOWN) {
      const text = typeof problem === "string" ? problem : problem();
      if (this.#shown.includes(text)) return;
      this.#shown.push(text);
    }
    this.#count++;
  }

  get length(): number {
    return this.#count;
  }

  /** At most twenty lines, and one that counts the others. */
  lines(): string[] {
    const rest = this.#count - this.#shown.length;
    return rest === 0 ? [...this.#shown] : [...this.#shown, t`and ${rest} more`];
  }
}

/** Problems that are known already. */
export function problemsOf(all: Iterable<Problem>): Problems {
  const problems = new Problems();
  for (const problem of all) problems.push(problem);
  return problems;
}

/** One error with all problems of a configuration. */
export function configurationError(found: Problems | readonly Problem[]): ExpectedError {
  const problems = found instanceof Problems ? found : problemsOf(found);
  const lines = problems.lines();
  if (problems.length === 1) return usageError(lines);
  return usageError([t`${problems.length} problems in the configuration:`, ...lines.map((line) => `  ${line}`)]);
}
