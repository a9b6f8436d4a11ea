import { describe, expect, test } from "vitest";
import { normalizers } from "../../src/model/normalizers/index.js";
import type { Normalizer } from "../../src/model/normalizers/normalizer.js";
import { at } from "../../src/model/rows.js";
import { sharedStatistics } from "../../src/report/shared-statistics.js";
import { scanXml } from "../charts/svg-scan.js";

test("the picture of what shares a statistic is that of the documents", async () => {
  const picture = sharedStatistics().text;
  expect(() => scanXml(picture)).not.toThrow();
  await expect(picture).toMatchFileSnapshot("../../docs/images/shared-statistics.svg");
});

describe("what a normalizer says shares a statistic is what its forward pass makes depend on each other", () => {
  const [units, samples] = [6, 5];
  // Within its bounds renorm is the moving averages' own transform, which depends on nothing here.
  const options = { epsilon: 0.001, decay: 0.5, debias: false, groups: 2, renormMax: 1, renormShift: 0 };
  const z = Float64Array.from({ length: units * samples }, (_, i) => Math.sin(3 * i + 1));

  const ofActivations = Object.entries<Normalizer>(normalizers).flatMap(([name, definition]) =>
    definition.acts === "activations" && definition.imagesOnly !== true ? [[name, definition] as const] : [],
  );
  test.each(ofActivations)("%s", (_, definition) => {
    const moving = { mean: new Float64Array(units), variance: new Float64Array(units).fill(1) };
    const site = { units, samples, options, statistics: "own" as const, moving, parameter: () => undefined };
    const before = definition.forward(z, site).output;
    const statisticOf = (i: number) =>
      definition.statisticOf?.({ unit: Math.floor(i / samples), sample: i % samples, units, options });
    for (let changed = 0; changed < z.length; changed++) {
      const other = z.map((value, i) => (i === changed ? value + 0.3 : value));
      const after = definition.forward(other, site).output;
      for (let i = 0; i < z.length; i++) {
        const shares = i === changed || (statisticOf(i) !== undefined && statisticOf(i) === statisticOf(changed));
        expect([changed, i, at(after, i) !== at(before, i)]).toEqual([changed, i, shares]);
      }
    }
  });
});
