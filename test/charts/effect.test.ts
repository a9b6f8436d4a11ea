import { describe, expect, test } from "vitest";
import { effect } from "../../src/charts/effect/index.js";
import { effectLanes } from "../../src/charts/effect/lanes.js";
import { drawableOf } from "../../src/charts/index.js";
import { drawn } from "../../src/charts/picture.js";
import { alone } from "../../src/charts/runs.js";
import { textWidth } from "../../src/charts/text-metrics.js";
import { armStyles } from "../../src/charts/theme.js";
import { runText } from "../../src/charts/wording.js";
import type { Result } from "../../src/record/result.js";
import { effects, ratios } from "../../src/tables/effects.js";
import { layerName } from "../../src/tables/table.js";
import { countText, numberText, percentText } from "../../src/text/numbers.js";
import { cases } from "./cases.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");
const caseOf = (name: string) => cases[name] ?? makeResult();
const textsOf = async (result: Result) => {
  const drawable = drawableOf(effect, alone(result));
  return drawable === undefined ? [] : scanXml((await drawn(drawable)).bare).texts.map(plain);
};

describe("the effect's lanes", () => {
  test("have a ratio per defined pair and count the others with their reason", () => {
    const result = caseOf("ten seeds");
    expect(effectLanes(alone(result)).map(({ mode }) => mode)).toEqual(["inference mode", "training mode"]);
    expect([...ratios.rows(result)].filter(({ mode }) => mode === "train")).toHaveLength(7);
    expect(effectLanes(alone(result))[0]?.text.map(plain)).toEqual([
      expect.stringContaining("wins 10 of 10 (70–100 %)"),
      "control diverged in 3 of 10",
    ]);
    expect([...effects.rows(result)][0]).toMatchObject({ pairs: 10, defined: 7, control_diverged: 3, wins: 10 });
  });

  test("are text alone without a defined pair", () => {
    const [bn, ...others] = effectLanes(alone(caseOf("ten seeds, plain always diverges at update 1")));
    expect(others).toEqual([]);
    expect(bn).toMatchObject({ mode: "both modes", ratios: [] });
    expect(bn?.text[0]).toMatch(/^wins 10 of 10/);
    expect([...effects.rows(caseOf("ten seeds, plain always diverges at update 1"))][0]).toMatchObject({
      ratio: null,
      low: null,
    });
  });

  test("name each arm's own control, and every reason", () => {
    const lanes = effectLanes(alone(caseOf("controls")));
    expect(lanes.map(({ name }) => name)).toContain("bn he against plain he");
    expect(lanes.find(({ name }) => name.startsWith("plain he against"))?.text.at(-1)).toBe(
      "control diverged in 3 and both diverged in 2 of 5",
    );
  });

  test("say factors with their direction", () => {
    const result = makeResult({ seeds: 3 });
    const { bn } = result.effects;
    if (bn?.inference.mean === undefined) throw new Error("no mean");
    const factorOf = (estimate: number, low?: number, high?: number) => {
      const mean = { ...bn.inference.mean, estimate, low, high } as NonNullable<typeof bn.inference.mean>;
      const [lane] = effectLanes(
        alone({ ...result, effects: { bn: { ...bn, inference: { ...bn.inference, mean } } } }),
      );
      return plain(lane?.text[0])?.split(", wins")[0];
    };
    expect(factorOf(Math.log(2), Math.log(1.5), Math.log(3))).toBe("2 times lower (1.5–3)");
    expect(factorOf(-Math.log(2), -Math.log(3), -Math.log(1.5))).toBe("2 times higher (1.5–3)");
    expect(factorOf(0.1, -Math.log(1.2), Math.log(1.4))).toBe("1.11 times lower (1.2 times higher to 1.4 times lower)");
    expect(factorOf(0)).toBe("equal");
    expect(factorOf(1e-4)).toBe("about equal");
  });

  test("with one seed have neither wins nor an interval", () => {
    const [bn] = effectLanes(alone(makeResult()));
    expect(bn?.text).toEqual(["2.72 times lower"]);
    expect(drawableOf(effect, alone(makeResult()))).toBeUndefined();
  });

  test("of very many seeds have dots for some, and say so", () => {
    expect(effect.caption(alone(makeResult({ seeds: 300, updates: 20 }))).notes.join(" ")).toContain(
      "Dots: 200 of the 300 seeds",
    );
  });
});

test("the effect's axis has factors for ticks, with their direction, and no effect among them", async () => {
  const texts = await textsOf(caseOf("ten seeds"));
  expect(texts).toEqual(expect.arrayContaining(["no", "effect", "×2", "lower"]));
});

describe("the styles of many arms", () => {
  const names = ["plain", "bn", ...Array.from({ length: 16 }, (_, index) => `arm ${index}`)];

  test("differ in color or dash for eighteen arms", () => {
    expect(new Set(armStyles(names).map(({ color, dash }) => `${color} ${dash}`)).size).toBe(18);
    expect(armStyles([...names].reverse()).at(-1)).toBe(armStyles(names)[0]);
  });

  test("have labels that are clean, short and different", () => {
    const hostile = ["a\u0000b", "a b", `${"W".repeat(99)}1`, `${"W".repeat(99)}2`, "", "plain\u202e", "plain"];
    const labels = armStyles(hostile).map(({ label }) => label);
    expect(new Set(labels).size).toBe(hostile.length);
    expect(labels.at(-1)).toBe("plain");
    for (const label of labels) {
      expect(label).not.toMatch(/\p{Cc}|\p{Cf}/u);
      expect(textWidth(label, 12)).toBeLessThan(260);
    }
  });
});

test("layers are named as in every chart", () => {
  expect([0, 1, 2].map((layer) => layerName(layer, 3))).toEqual(["layer 1", "layer 2", "output"]);
});

test("a run's line says which seeds a picture is of, and what differs between arms", () => {
  expect(runText(caseOf("ten seeds"))).toContain("seed 1, the first of 10");
  expect(runText(caseOf("ten seeds"), "every seed")).toContain("10 seeds, 1–10");
  expect(runText(makeResult(), "every seed")).toContain("· seed 1 ·");
  expect(runText(caseOf("controls"))).toContain("initialization by arm");
  const rates = makeResult({ arms: { plain: {}, bn: { normalized: true, own: { learningRate: 0.1 } } } });
  expect(runText(rates)).toContain("learning rate by arm");
});

test("numbers are short and keep their meaning", () => {
  expect(countText(1_234_567)).toBe("1\u00a0234\u00a0567");
  expect([57.649, 746.2, 1163.4, 9.9e8, 0.01234, 0, -5.25, 1e5].map((value) => plain(numberText(value)))).toEqual([
    "57.6",
    "746",
    "1163",
    "9.9e8",
    "0.0123",
    "0",
    "−5.25",
    "1e5",
  ]);
  expect(numberText("NaN")).toBe("NaN");
  expect([0, 1e-6, 0.004, 0.413, 0.9999, 1].map((share) => plain(percentText(share)))).toEqual([
    "0 %",
    "1e-4 %",
    "0.4 %",
    "41 %",
    ">99 %",
    "100 %",
  ]);
});
