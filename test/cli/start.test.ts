import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { V8_FLAGS } from "../../src/v8-flags.js";

test("this Node's V8 understands the flags that the command sets", () => {
  // Node ends with an error at a flag that V8 does not know.
  const flags = [...V8_FLAGS, "-e", "process.stdout.write('understood')"];
  expect(execFileSync(process.execPath, flags, { encoding: "utf8" })).toBe("understood");
  expect(() => execFileSync(process.execPath, ["--interrupt-budgets=1", "-e", "0"], { stdio: "ignore" })).toThrow();
  expect(V8_FLAGS.length).toBe(process.versions.node.startsWith("20.") ? 2 : 1);
});
