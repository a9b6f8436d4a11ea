import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flagOf, keyNames } from "../../src/config/keys.js";
import { activations } from "../../src/model/activations.js";
import { bnCompare, emptyFolder } from "../cli/command.js";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const README = read("README.md");

/** The arguments of a documented `npx bn-compare …`, run quietly in an empty folder; returns stdout and the folder. */
async function printedBy(command: string) {
  const cwd = emptyFolder();
  const args = command.replace("npx bn-compare ", "").split(" ");
  const { exitCode, stdout } = await bnCompare(cwd, ...args, "--quiet", "--out", "run");
  expect(exitCode).toBe(0);
  return { stdout, folder: join(cwd, "run") };
}

test.each(keyNames.map(flagOf))("the README names the flag %s", (flag) => {
  expect(README).toMatch(new RegExp(`^\\| \`${flag}[ \`]`, "m"));
});

test.each(Object.keys(activations))("the README names the activation %s", (name) => {
  expect(README).toContain(`\`${name}\``);
});

describe("what the README says that a command prints", () => {
  const rows = [
    ...README.matchAll(/^\| `(npx bn-compare run [^`]+)` \| ([^|]+) \| learned: ([\d.]+) \/ ([\d.]+) \|$/gm),
  ];

  test("is a table of several commands", () => {
    expect(rows.length).toBeGreaterThanOrEqual(7);
  });

  test.each(rows.map(([, command, plain, batch, moving]) => ({ command, plain, batch, moving })))(
    "$command",
    async ({ command, plain, batch, moving }) => {
      const { stdout } = await printedBy(command as string);
      const [whatPlainDid] = (plain as string).split(" (");
      expect(stdout).toContain(`plain ${whatPlainDid?.trim()}`);
      expect(stdout).toContain(`bn learned: ${batch} with batch statistics, ${moving} with moving averages.`);
    },
  );

  test("is, for the first command, the whole output", async () => {
    const { stdout } = await printedBy("npx bn-compare run --activation relu");
    const [table] = stdout.split("\nrun/") as [string];
    expect(README).toContain(table.trimEnd());
  });

  test("is, in the picture at the top, what the command draws", async () => {
    const { folder } = await printedBy("npx bn-compare run --activation tanh --epochs 250");
    const drawn = readFileSync(join(folder, "histograms.svg"), "utf8");
    expect(read("docs/images/tutorial-tanh-histograms.svg") === drawn, "docs/images is out of date").toBe(true);
  });
});

test.each(["tutorial-relu", "tutorial-tanh", "tutorial-minibatch"])(
  "what experiments/%s/README.md says is what its command prints",
  async (name) => {
    const text = read(`experiments/${name}/README.md`);
    const { stdout } = await printedBy(`npx bn-compare run experiments/${name}`);
    const bn = /bn learned: ([\d.]+ with batch statistics, [\d.]+ with moving averages)/.exec(stdout)?.[1];
    expect(text).toContain(bn);
    const plain = /^plain (diverged at update \d+|learned little: [\d.]+)/m.exec(stdout)?.[1];
    expect(text).toContain(plain);
  },
);
