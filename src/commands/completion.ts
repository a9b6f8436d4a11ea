import type { Command } from "commander";
import { usageError } from "../errors.js";
import { completionScript, SHELLS } from "../output/completion.js";
import type { Io } from "../output/terminal.js";
import { t } from "../text/language.js";
import { screen } from "../text/screen.js";

/** `bn-compare completion SHELL`: prints the script. */
export function completion(name: string, program: Command, { terminal }: Io): void {
  const shell = SHELLS.find((each) => each === name);
  if (shell === undefined) throw usageError(t`completion: ${name} is not one of ${SHELLS.join(", ")}`);
  terminal.product(screen.joined(completionScript(program, shell).split("\n"), "\n"));
}
