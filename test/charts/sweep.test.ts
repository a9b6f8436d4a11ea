import { expect, test } from "vitest";
import type { Drawable } from "../../src/charts/picture.js";
import { renderSpec } from "../../src/charts/render.js";
import { sweepCharts } from "../../src/charts/sweep/index.js";
import type { Sweep } from "../../src/record/sweep.js";
import { faultsOf, marksOf } from "./promise.js";
import { scanXml } from "./svg-scan.js";
import { SWEEPS, sweepOver } from "./sweep-fixture.js";

async function svgOf({ spec, sets, name }: Drawable): Promise<string> {
  const warnings: string[] = [];
  const onWarning = (text: string) => warnings.push(text);
  const svg = await renderSpec(spec, sets, { title: "", description: "", idPrefix: name, onWarning });
  expect(warnings).toEqual([]);
  return svg;
}

const textsOf = async (chart: Drawable) =>
  scanXml(await svgOf(chart)).texts.map((text) => text.replaceAll("\u00a0", " ").trim());

const widthOf = async (chart: Drawable) => Number(/ width="([\d.]+)"/.exec(await svgOf(chart))?.[1]);

const chartOf = (sweep: Sweep, name: string): Drawable => {
  const chart = sweepCharts(sweep).find((each) => each.name === name);
  if (chart === undefined) throw new Error(`no chart ${name}`);
  return chart;
};

test.each(Object.entries(SWEEPS))(
  "of %s every picture encodes fields, and draws without a warning",
  async (_, sweep) => {
    for (const chart of sweepCharts(sweep)) {
      expect(faultsOf(chart.spec)).toEqual([]);
      expect(await textsOf(chart)).not.toContain("undefined");
    }
    expect(sweepCharts(sweep).map(({ name }) => name)).toEqual(["best", "map", "effects"]);
  },
);

test("the map has the cost as color and the fate of the seed in the middle as shape", async () => {
  const { spec, sets, description } = chartOf(SWEEPS["one axis"], "map");
  const [cost, fate] = marksOf(spec);
  expect([cost?.encoding["color"]?.["field"], fate?.encoding["shape"]?.["field"]]).toEqual(["median", "fate"]);
  expect(sets["points"]?.map((row) => row["fate"])).toEqual([
    "learned-little",
    "learned",
    "learned-little",
    "learned",
    "learned-little",
    "learned",
    "diverged",
    "learned",
  ]);
  expect(await textsOf(chartOf(SWEEPS["one axis"], "map"))).toEqual(
    expect.arrayContaining(["plain", "bn", "learning rate", "learned", "learned little", "diverged", "0.001", "1"]),
  );
  expect(description).toContain("16 of 16 runs of bn learned and 0 diverged");
});

test("where the interval includes no effect the map of effects is hatched, and without a pair it is crossed out", async () => {
  const chart = chartOf(SWEEPS["one axis"], "effects");
  expect(chart.sets["effects"]?.map((row) => row["effect"])).toEqual(["lower", "lower", "undecided", "none"]);
  expect(await textsOf(chart)).toEqual(
    expect.arrayContaining(["no effect", "×4", "×0.25", "interval includes no effect"]),
  );
  expect(chart.description).toContain("Lower at 2 points, higher at 0, undecided at 1, without a pair at 1.");
});

test("each arm at its best stands beside both at the control's", async () => {
  const texts = await textsOf(chartOf(SWEEPS["two axes"], "best"));
  expect(texts).toEqual(expect.arrayContaining(["×4", "×1.1", "no effect"]));
  expect(texts.join(" ")).toContain("learning rate 1, width 30 against learning rate 0.001, width 8");
  // A page on a phone shows it at 0.85 of its size, in 328 px.
  expect(await widthOf(chartOf(SWEEPS["four axes"], "best"))).toBeLessThan(328 / 0.85);
});

test("further axes are rows of panels, in the grid's order", async () => {
  const texts = await textsOf(chartOf(SWEEPS["four axes"], "map"));
  const rows = texts.filter((text) => /^(?:init|affine) /.test(text));
  expect(rows).toEqual(
    ["normal", "he"].flatMap((init) => ["true", "false"].flatMap((affine) => [`init ${init}`, `affine ${affine}`])),
  );
});

test("a grid of too many panels has tables alone", () => {
  const many = Array.from({ length: 30 }, (_, place) => place + 1);
  const wide = sweepOver({ learningRate: many, width: many.slice(0, 20), hiddenLayers: many.slice(0, 19) });
  expect(sweepCharts(wide).map(({ name }) => name)).toEqual(["best"]);
});
