import { expect } from "vitest";
import type { Addition } from "./sources.js";

export const initializer: Addition = {
  what: "an initializer",
  add(copy) {
    copy.edit(
      "src/model/initializers.ts",
      "  /** LeCun et al. 1998",
      "  /** Of this test. */\n  tiny: () => 0.001,\n  /** LeCun et al. 1998",
    );
  },
  touches: ["src/model/initializers.ts"],
  async shows(copy) {
    expect((await copy.command("run", "--help")).stdout).toMatch(/--init .*tiny/s);
    const run = await copy.command("run", "--init", "tiny", "--epochs", "2", "--json");
    expect([run.exitCode, JSON.parse(run.stdout).config.init]).toEqual([0, "tiny"]);
  },
};
