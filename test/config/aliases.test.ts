import { describe, expect, test } from "vitest";
import { hintFor, keyHintFor } from "../../src/config/aliases.js";
import { ARM_NAME, fits } from "../../src/config/fits.js";
import { flagOf, keyNames, keyOf } from "../../src/config/keys.js";

describe("a flag that other programs have", () => {
  test.each([
    ["--eps", "--epsilon"],
    ["lr", "--learning-rate"],
    ["--steps", "--updates"],
    ["--num_layers", "--hidden-layers"],
    ["--batchSizes", undefined],
  ])("%s is %s here", (word, flag) => {
    expect(hintFor(word)).toBe(flag);
  });

  test("the momentum of BN is the decay by two conventions", () => {
    expect(hintFor("--bn-momentum")).toMatch(
      /^--decay: momentum in Keras .* the decay itself .*, in PyTorch it is 1 − decay/,
    );
    expect(keyHintFor("bnMomentum")).toMatch(/^decay: .*0\.1 is decay 0\.9/);
    expect(keyHintFor("learning-rates")).toBeUndefined();
    expect(keyHintFor("lr")).toBe("learningRate");
  });

  test("no hint is a flag that there is not, and no word a flag that there is", () => {
    const flags = new Set(keyNames.map(flagOf));
    for (const word of [
      "eps",
      "bn-momentum",
      "lr",
      "steps",
      "bs",
      "depth",
      "units",
      "std",
      "optim",
      "norm",
      "wd",
      "sep",
      "label",
    ]) {
      const named = hintFor(word)?.match(/--[a-z-]+/g) ?? [];
      expect(named.length, word).toBeGreaterThan(0);
      for (const flag of named) expect(flags).toContain(flag);
    }
    for (const flag of flags) expect(hintFor(flag), flag).toBeUndefined();
  });
});

describe("names in any script", () => {
  const isName = (name: string) => fits(keyOf("name"), name);

  test.each(["莫烦教程对比", "Größe-1", "сравнение", "تطبيع", "मानक", "x".repeat(64)])(
    "%s is the name of a run and of an arm",
    (name) => {
      expect(isName(name)).toBe(true);
      expect(ARM_NAME.test(name.slice(0, 40))).toBe(true);
    },
  );

  test.each([
    "",
    "../a",
    "a/b",
    "a\\b",
    "a:b",
    "a\u202eb",
    "a\u0000",
    "-a",
    ".a",
    "CON",
    "nul.txt",
    "LPT1",
    "a.",
    "字".repeat(64),
  ])("%j is no name of a folder", (name) => {
    expect(isName(name)).toBe(false);
  });
});
