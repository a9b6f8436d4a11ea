import { describe, expect, test } from "vitest";
import { factorAxis } from "../../src/charts/effect-axis.js";
import { effectChart } from "../../src/charts/effect-chart.js";
import { effectRows } from "../../src/charts/effect-rows.js";
import { flattens, logScale } from "../../src/charts/log-scale.js";
import { textWidth } from "../../src/charts/text-metrics.js";
import { armStyles } from "../../src/charts/theme.js";
import { layerTitle, roundNumbers, spacedTicks } from "../../src/charts/ticks.js";
import { runText } from "../../src/charts/wording.js";
import { cases } from "./cases.js";
import { makeResult } from "./result-fixture.js";

const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");
const caseOf = (name: string) => cases[name] ?? makeResult();

describe("the effect's rows", () => {
  test("have a dot per defined pair and count the others with their reason", () => {
    const [bn] = effectRows(caseOf("ten seeds"));
    expect(bn?.lanes.map(({ mode }) => mode)).toEqual(["batch statistics", "moving averages"]);
    expect(bn?.lanes[0]?.logRatios).toHaveLength(7);
    expect(bn?.lanes[0]?.undefinedPairs).toBe("undefined pairs 3 (control diverged)");
    expect(plain(bn?.lanes[0]?.wins)).toBe("wins 10 of 10 (70–100 %)");
  });

  test("are text alone without a defined pair", () => {
    const result = caseOf("ten seeds, plain always diverges at update 1");
    const [bn] = effectRows(result);
    expect(bn?.lanes).toHaveLength(1);
    expect(bn?.lanes[0]).toMatchObject({ mode: "both modes", logRatios: [], factor: "" });
    expect(bn?.lanes[0]?.mean).toBeUndefined();
    expect(JSON.stringify(effectChart(result)?.spec)).toContain("no defined pair");
  });

  test("name each arm's own control, and every reason", () => {
    const rows = effectRows(caseOf("controls"));
    expect(rows.map(({ label, against }) => `${label} < ${against}`)).toContain("bn he < plain he");
    expect(rows.find(({ label }) => label === "plain he")?.lanes[0]?.undefinedPairs).toBe(
      "undefined pairs 5 (control diverged in 3 and both diverged in 2)",
    );
  });

  test("say factors with their direction", () => {
    const result = makeResult({ seeds: 3 });
    const { bn } = result.effects;
    if (bn?.train.mean === undefined) throw new Error("no mean");
    const factorOf = (estimate: number, low?: number, high?: number) => {
      const mean = { ...bn.train.mean, estimate, low, high } as NonNullable<typeof bn.train.mean>;
      const row = effectRows({ ...result, effects: { bn: { ...bn, train: { ...bn.train, mean } } } })[0];
      return plain(row?.lanes[0]?.factor);
    };
    expect(factorOf(Math.log(2), Math.log(1.5), Math.log(3))).toBe("×2 lower (×1.5–3)");
    expect(factorOf(-Math.log(2), -Math.log(3), -Math.log(1.5))).toBe("×2 higher (×1.5–3)");
    expect(factorOf(0.1, -Math.log(1.2), Math.log(1.4))).toBe("×1.11 lower (×1.2 higher to ×1.4 lower)");
    expect(factorOf(0)).toBe("equal");
    expect(factorOf(1e-4)).toBe("about equal");
  });

  test("with one seed have neither wins nor an interval", () => {
    const [bn] = effectRows(makeResult());
    expect(bn?.lanes[0]).toMatchObject({ wins: "", factor: "×2.77 lower" });
    expect(bn?.lanes[0]?.interval).toBeUndefined();
    expect(effectChart(makeResult())).toBeUndefined();
  });
});

describe("the effect's axis", () => {
  const texts = (ratios: readonly number[], width = 400) =>
    factorAxis(ratios, width).ticks.map(({ lines }) => plain(lines.join(" ")));

  test("has doublings for ticks, at whole multiples of log 2", () => {
    expect(texts([-1.5, 2])).toEqual(["×4 higher", "×2 higher", "no effect", "×2 lower", "×4 lower", "×8 lower"]);
    for (const { at } of factorAxis([-1.5, 2], 400).ticks)
      expect(at / Math.LN2).toBeCloseTo(Math.round(at / Math.LN2), 12);
    expect(texts([60]).slice(0, 3)).toEqual(["no effect", "×1e6 lower", "×1.1e12 lower"]);
  });

  test("has finer ones for small effects, and no texts that touch", () => {
    expect(texts([0.04])).toEqual(["×1.02 higher", "no effect", "×1.02 lower", "×1.05 lower"]);
    for (const ratios of [[0.001], [0.5], [-0.3, 0.9], [3], [-200, 300], [], [-5], [700]]) {
      const { ticks, pixel, domain } = factorAxis(ratios, 300);
      expect(ticks.some(({ at }) => at === 0)).toBe(true);
      ticks.forEach((tick, index) => {
        expect(tick.at).toBeGreaterThanOrEqual(domain[0]);
        expect(tick.at).toBeLessThanOrEqual(domain[1]);
        const next = ticks[index + 1];
        if (next === undefined) return;
        const half = [tick, next].map(({ lines }) => Math.max(...lines.map((line) => textWidth(line, 10))) / 2);
        expect(pixel(next.at) - pixel(tick.at)).toBeGreaterThan((half[0] ?? 0) + (half[1] ?? 0));
      });
    }
  });

  test("puts a lower cost to the right", () => {
    const { pixel } = factorAxis([-1, 1], 400);
    expect(pixel(0)).toBeCloseTo(200);
    expect(pixel(1)).toBeGreaterThan(pixel(-1));
  });
});

describe("the styles of many arms", () => {
  const names = ["plain", "bn", ...Array.from({ length: 16 }, (_, index) => `arm ${index}`)];

  test("differ in colour or dash for eighteen arms", () => {
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

describe("axes", () => {
  test("keep the ticks whose texts have room, in even steps, and the last", () => {
    const ticks = Array.from({ length: 12 }, (_, index) => ({ at: index * 10, text: String(index * 10) }));
    expect(spacedTicks(ticks, 10).map(({ text }) => text)).toEqual(["0", "20", "40", "60", "80", "110"]);
    expect(spacedTicks(ticks.slice(0, 1), 10)).toHaveLength(1);
    expect(spacedTicks([], 10)).toEqual([]);
  });

  test("count updates in round numbers", () => {
    expect(roundNumbers(250, 6)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(roundNumbers(7, 6)).toEqual([0, 2, 4, 6]);
    expect(roundNumbers(1, 6)).toEqual([0, 1]);
  });

  test("on a log scale always have a tick, whatever the numbers", () => {
    for (const values of [
      [1.5],
      [3],
      [9.9],
      [1e-300, 1e300],
      [2, 2.1],
      [],
      [5e-324],
      [1.7e308],
      [0, Number.POSITIVE_INFINITY],
    ]) {
      const { ticks, pixel } = logScale(values, 150, 0, 5);
      expect(ticks.length).toBeGreaterThan(0);
      for (const tick of ticks) {
        expect(pixel(tick)).toBeGreaterThanOrEqual(-1e-9);
        expect(pixel(tick)).toBeLessThanOrEqual(150 + 1e-9);
      }
    }
  });

  test("are no longer shared when one group would lie flat", () => {
    expect(flattens([[1, 100], [5, 50], []])).toBe(false);
    expect(flattens([[1, 2], [1e20]])).toBe(true);
  });

  test("name layers as every chart does", () => {
    expect([0, 1, 2].map((layer) => layerTitle(layer, 3))).toEqual(["layer 1", "layer 2", "output"]);
  });
});

test("a run's line says which seeds a picture is of, and what differs between arms", () => {
  expect(runText(caseOf("ten seeds"))).toContain("seed 1, the first of 10");
  expect(runText(caseOf("ten seeds"), "every seed")).toContain("10 seeds, 1–10");
  expect(runText(makeResult(), "every seed")).toContain("· seed 1 ·");
  expect(runText(caseOf("controls"))).toContain("initialisation by arm");
  const rates = makeResult({ arms: { plain: {}, bn: { normalized: true, own: { learningRate: 0.1 } } } });
  expect(runText(rates)).toContain("learning rate by arm");
});
