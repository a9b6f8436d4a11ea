import { EXIT, ExpectedError, usageError } from "../errors.js";
import { formatJson } from "../files/json.js";
import type { Io } from "../output/terminal.js";
import { inspectMachine, type Part } from "../setup/parts.js";
import { setUpTensorFlow } from "../setup/tensorflow.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { type ScreenText, screen } from "../text/screen.js";
import { plainTable } from "../text/screen-table.js";

/** Flags of `doctor`. */
export interface DoctorOptions {
  readonly json?: boolean;
  readonly fix?: string;
}

/**
 * `bn-compare doctor [PART…]`: what this machine has, and what to do about what it lacks. Throws an unavailable error
 * where a part that was named is missing.
 */
export async function doctor(asked: readonly string[], options: DoctorOptions, io: Io): Promise<void> {
  if (options.fix !== undefined) return fix(options.fix, io);
  const parts = await inspectMachine({ notice: io.terminal.note, signal: io.signal });
  const unknown = asked.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    throw usageError(
      t`there is no part ${unknown.map((name) => excerpt(name)).join(", ")}; parts are ${parts.map(({ name }) => name).join(", ")}`,
    );
  }
  const shown = asked.length === 0 ? parts : parts.filter(({ name }) => asked.includes(name));
  io.terminal.product(options.json ? formatJson({ parts: shown }) : screen`${tableOf(shown)}\n`);
  const missing = shown.filter(({ name, found }) => !found && asked.includes(name)).map(({ name }) => name);
  if (missing.length > 0) throw new ExpectedError(EXIT.unavailable, t`missing: ${missing.join(", ")}`);
}

function tableOf(parts: readonly Part[]): ScreenText {
  const rows = parts.map(({ name, found, detail, updateMs }) => [
    name,
    found ? t`yes` : t`no`,
    updateMs === undefined ? "" : t`${updateMs} ms`,
    detail,
  ]);
  const table = plainTable([t`part`, t`here`, t`one update`, t`what`], rows, ["left", "left", "right", "left"]);
  const advice = parts.flatMap(({ name, found, next }) => (found || next === undefined ? [] : [`${name}: ${next}`]));
  return advice.length === 0 ? table : screen`${table}\n\nWhat to do:${advice.map((line) => screen`\n  ${line}`)}`;
}

async function fix(part: string, { terminal, signal }: Io): Promise<void> {
  if (part !== "tensorflow") throw usageError(t`doctor can fix only tensorflow, not ${excerpt(part)}`);
  const { version, folder, stepMs } = await setUpTensorFlow({ say: terminal.note, signal });
  terminal.say(t`TensorFlow ${version} is ready in ${folder} (one step: ${stepMs.toFixed(1)} ms)`);
}
