import { parse, View } from "vega";
import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { decadesOf, flattens, logAxis, logDomain } from "../../src/charts/log-axis.js";

/** The texts that Vega writes along a log axis of a height, from the bottom up. */
async function labelsOf(domain: readonly number[], height: number): Promise<string[]> {
  const { spec } = compile({
    data: { values: [{ at: domain[0] }] },
    params: [{ name: "domain", value: domain }],
    height,
    mark: "point",
    encoding: {
      y: {
        field: "at",
        type: "quantitative",
        scale: { type: "log", domain: { expr: "domain" }, nice: false },
        axis: logAxis("domain", height) as never,
      },
    },
  } as never);
  const view = await new View(parse(spec), { renderer: "none" }).runAsync();
  const labels: { y: number; text: string }[] = [];
  const collect = (item: { role?: string; items?: { y: number; text: string; opacity: number }[] }) => {
    if (item.role !== "axis-label") for (const child of item.items ?? []) collect(child as never);
    else for (const { y, text, opacity } of item.items ?? []) if (opacity > 0 && text !== "") labels.push({ y, text });
  };
  collect((view.scenegraph() as unknown as { root: never }).root);
  view.finalize();
  return labels.sort((one, other) => other.y - one.y).map(({ text }) => text.replaceAll("\u00a0", " "));
}

describe("a log axis", () => {
  test("has 1, 2 and 5 of each power where there is room, else the powers", async () => {
    expect(await labelsOf([40, 1500], 400)).toEqual(["50", "100", "200", "500", "1000"]);
    expect(await labelsOf([1e-9, 1e9], 200)).toContain("1");
    expect(
      (await labelsOf([1e-9, 1e9], 200)).every((text) => /^1(e.*|0*)$|^0\.0*1$|^1\d*( 000)*$|^10 000$/.test(text)),
    ).toBe(true);
  });

  test.each([
    [1.5],
    [9.9],
    [2, 2.1],
    [],
    [Number.MIN_VALUE, 1],
    [1, Number.MAX_VALUE],
    [Number.MIN_VALUE, Number.MAX_VALUE],
    [0, Number.POSITIVE_INFINITY],
  ])("has a label and ends at numbers that there are, whatever it holds: %s %s", async (...values) => {
    const domain = logDomain(values.filter((value) => value !== undefined));
    expect(domain.every((end) => end > 0 && Number.isFinite(end))).toBe(true);
    expect((await labelsOf(domain, 150)).length).toBeGreaterThan(0);
  });

  test("is not shared where one group would lie flat", () => {
    expect(flattens([[1, 100], [5, 50], []])).toBe(false);
    expect(flattens([[1, 2], [1e20]])).toBe(true);
    expect(decadesOf([1, 0, 1000, Number.POSITIVE_INFINITY])).toBeCloseTo(3);
    expect(decadesOf([])).toBe(0);
  });
});
