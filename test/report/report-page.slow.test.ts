import { expect, test } from "vitest";
import { unpacked } from "../../src/report/payload.js";
import { cases, FEW } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";
import { between, describePages } from "./page-rules.js";
import { comparisonOf } from "./pages.js";

describePages(Object.keys(cases).filter((name) => !FEW.includes(name)));

test("a comparison of many runs stays small, and leaves no chart to answer out", async () => {
  const runs = Object.fromEntries(
    Array.from({ length: 8 }, (_, place) => [`run ${place}`, makeResult({ hiddenLayers: 7, updates: 250 + place })]),
  );
  const page = await comparisonOf(runs);
  expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
  const ids = [...page.matchAll(/<figure class="chart" id="chart-([^"]+)"/g)].map(([, id]) => id);
  const { charts, stages } = unpacked(between(page, 'id="payload">', "</script>"));
  expect(Object.keys(charts).sort()).toEqual([...ids].sort());
  expect(Object.keys(stages)).toEqual(Object.keys(runs).map((_, run) => `stage-run${run}`));
});
