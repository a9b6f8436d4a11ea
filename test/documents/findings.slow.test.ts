import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sharedRun } from "../cli/shared-run.js";
import { FINDINGS, overSeeds, README, readDocument, rowsOf } from "./findings.js";

/** What a documented `npx bn-compare …` prints and writes. */
async function printedBy(command: string) {
  const { exitCode, stdout, folder } = await sharedRun(...command.replace("npx bn-compare ", "").split(" "));
  expect(exitCode).toBe(0);
  return { stdout, folder };
}

describe("what README and docs/findings.md say that a command prints", () => {
  const rows = rowsOf(FINDINGS);

  test.each(rows.map(([, command, plain, inference, training]) => ({ command, plain, inference, training })))(
    "$command",
    async ({ command, plain, inference, training }) => {
      const { stdout } = await printedBy(command as string);
      const [whatPlainDid] = (plain as string).split(" (");
      expect(stdout).toContain(`plain ${whatPlainDid?.trim()}`);
      expect(stdout).toContain(`bn learned: ${inference} in inference mode`);
      expect(stdout).toMatch(new RegExp(`^bn +trained .* ${inference} +${training}$`, "m"));
    },
  );

  test("is, for the first command, the whole output", async () => {
    const { stdout } = await printedBy("npx bn-compare run --activation relu");
    const [table] = stdout.split("\nrun/") as [string];
    expect(README).toContain(table.trimEnd());
  });

  test.each(overSeeds)("$command", async ({ command, diverged, wins, interval, factor }) => {
    const { stdout } = await printedBy(command as string);
    expect(stdout).toMatch(new RegExp(`^plain +${diverged} `, "m"));
    // The document has plain spaces.
    const row = (/^bn +plain .*$/m.exec(stdout)?.[0] ?? "").replaceAll("\u00a0", " ");
    for (const cell of [wins, interval, ...(factor ?? "").split(" / ")]) expect(row).toContain(cell?.trim());
  });

  test("is, in the picture of docs/concepts.md, what the command draws", async () => {
    const { folder } = await printedBy("npx bn-compare run --activation tanh --epochs 250");
    const drawn = readFileSync(join(folder, "histograms.svg"), "utf8");
    expect(readDocument("docs/images/tutorial-tanh-histograms.svg") === drawn, "docs/images is out of date").toBe(true);
  });
});
