import { expect, test } from "vitest";
import { copyOfSources } from "./sources.js";

test("adding an initializer is one entry in one file: the flag, its help and a run know it", async () => {
  const copy = copyOfSources();
  copy.edit(
    "src/model/initializers.ts",
    "  /** LeCun et al. 1998",
    "  /** Of this test. */\n  tiny: () => 0.001,\n  /** LeCun et al. 1998",
  );
  await copy.build();
  expect(copy.touched).toEqual(["src/model/initializers.ts"]);
  expect((await copy.command("run", "--help")).stdout).toMatch(/--init .*tiny/s);
  const run = await copy.command("run", "--init", "tiny", "--epochs", "2", "--json");
  expect([run.exitCode, JSON.parse(run.stdout).config.init]).toEqual([0, "tiny"]);
});
