import { expect } from "vitest";
import type { Addition } from "./sources.js";

export const cause: Addition = {
  what: "a cause",
  add(copy) {
    copy.edit(
      "src/explain/causes.ts",
      "export const CAUSES: readonly Cause[] = [\n",
      `export const CAUSES: readonly Cause[] = [
  {
    code: "wrong-day",
    title: "The wrong day",
    when: "it is a Monday",
    measure: () => ({ holds: true, value: 1, limit: 0, text: "it is day 1" }),
    remedy: "Wait.",
  },
`,
    );
  },
  touches: ["src/explain/causes.ts"],
  async shows(copy) {
    const run = await copy.command("run", "--activation", "tanh", "--epochs", "2", "--out", "r");
    expect(run.exitCode).toBe(0);
    expect((await copy.command("explain", "r")).stdout).toContain("1. The wrong day: it is day 1. Wait.");
    const { pairs } = JSON.parse((await copy.command("explain", "r", "--json")).stdout);
    expect(pairs[0].causes[0]).toEqual({ code: "wrong-day", status: "holds", value: 1, limit: 0 });
  },
};
