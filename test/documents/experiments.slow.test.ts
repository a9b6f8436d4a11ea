import { describe, expect, test } from "vitest";
import { sharedRun } from "../cli/shared-run.js";
import { controlSections, readDocument } from "./findings.js";

test.each(["tutorial-relu", "tutorial-tanh", "tutorial-minibatch"])(
  "what experiments/%s/README.md says is what its command prints",
  async (name) => {
    const text = readDocument(`experiments/${name}/README.md`);
    const { exitCode, stdout } = await sharedRun("run", `experiments/${name}`);
    expect(exitCode).toBe(0);
    const bn = /bn learned: ([\d.]+ in inference mode)/.exec(stdout)?.[1];
    expect(text).toContain(bn);
    const plain = /^plain (diverged at update \d+|learned little: [\d.]+)/m.exec(stdout)?.[1];
    expect(text).toContain(plain);
  },
);

describe("what experiments/controls/README.md says", () => {
  const commands = ["run experiments/controls", "run experiments/controls --activation tanh"];

  test.each(commands.map((command, i) => ({ command, section: controlSections[i] as string })))(
    "is what npx bn-compare $command prints",
    async ({ command, section }) => {
      const { exitCode, stdout } = await sharedRun(...command.split(" "));
      expect(exitCode).toBe(0);
      const rows = [...section.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)];
      expect(rows).toHaveLength(16);
      for (const [, arm, cells] of rows) {
        // The document does not separate thousands.
        const printed = [...stdout.replaceAll(/(?<=\d)\u00a0(?=\d)/g, "").matchAll(new RegExp(`^${arm} .*$`, "gm"))]
          .map(([line]) => line)
          .join("\n");
        const numbers =
          (cells as string)
            .split("|")
            .slice(1)
            .join("|")
            .match(/\d+ of 10|[\d.]+ \([\d.–]+\)|[\d.]+/g) ?? [];
        for (const number of numbers) expect(printed).toContain(number);
      }
    },
  );
});
