import { describe, expect, test } from "vitest";
import { accuracy } from "../../src/charts/accuracy/index.js";
import { costs } from "../../src/charts/costs/index.js";
import { drawableOf } from "../../src/charts/index.js";
import { histograms } from "../../src/charts/layers/index.js";
import { lostChannels, mapsClause, movedBy } from "../../src/charts/maps/findings.js";
import { kernels, maps } from "../../src/charts/maps/index.js";
import { drawn } from "../../src/charts/picture.js";
import { alone } from "../../src/charts/runs.js";
import { verdicts } from "../../src/charts/verdicts/index.js";
import { sentenceText } from "../../src/report/labeled-arms.js";
import { readingOf } from "../../src/report/reading.js";
import { kernels as kernelTable, maps as mapTable } from "../../src/tables/maps.js";
import { makeImageResult } from "./image-fixture.js";
import { makeResult } from "./result-fixture.js";

const images = makeImageResult();
const param = (spec: object | undefined, name: string) =>
  (spec as { params?: { name: string; value: unknown }[] } | undefined)?.params?.find((own) => own.name === name)
    ?.value;

const plainSpaces = (text: string) => text.replaceAll("\u00a0", " ");
const said = (chart: string, result: typeof images) => plainSpaces(sentenceText(readingOf(chart, result)[1], result));

describe("the words for images", () => {
  test("name layers by their kinds, and images where there were points", () => {
    const labels = ["layer 1 (conv 10)", "layer 2 (conv 4)", "output (dense 3)"];
    for (const chart of [histograms, verdicts]) {
      const spec = chart.spec(alone(images), { viewport: "wide" });
      expect(param(spec, "layerLabels")).toEqual(labels);
      expect(param(chart.spec(alone(makeResult()), { viewport: "wide" }), "layerLabels")).toBeUndefined();
    }
    expect(costs.caption(alone(images)).notes.join(" ")).toContain("Measured on 120 images.");
    expect(histograms.caption(alone(images)).notes.join(" ")).toContain("over samples, pixels and channels");
  });

  test("leave out the kinds where runs differ in them", () => {
    const other = { ...images, config: { ...images.config, layers: ["conv 10", "conv 4 5x5", "mean", "dense 3"] } };
    const of = (second: typeof images) =>
      param(
        verdicts.spec(
          [
            { label: "a", result: images },
            { label: "b", result: second },
          ],
          { viewport: "wide" },
        ),
        "layerLabels",
      );
    expect(of(images)).toBeDefined();
    expect(of(other)).toBeUndefined();
    expect(of(makeResult())).toBeUndefined();
  });
});

describe("accuracies", () => {
  test("have a line for each arm and mode that has them, and the level of guessing", () => {
    const spec = accuracy.spec(alone(images), { viewport: "wide" });
    expect((param(spec, "texts") as string[]).map(plainSpaces)).toEqual([
      "plain: 83 %",
      "bn, training mode: 83 %",
      "bn, inference mode: 71 %",
      "chance: 33 %",
    ]);
    expect(accuracy.spec(alone(makeResult()), { viewport: "wide" })).toBeUndefined();
  });

  test("have points where a line has few, so that a single one is seen", async () => {
    const few = makeImageResult();
    for (const arm of [...few.seeds.flatMap(({ arms }) => Object.values(arms)), ...Object.values(few.arms)])
      arm.costs = arm.costs.filter(({ update }) => update === 0 || update === 100);
    const pointsOf = async (result: typeof images) => {
      const drawable = drawableOf(accuracy, alone(result));
      if (drawable === undefined) throw new Error("accuracies are there");
      return (await drawn(drawable)).bare.match(/<path transform="translate\([\d.,]+\)" d="M[\d.]+,0A/g)?.length ?? 0;
    };
    // Two of plain, two of bn in training mode, one in inference mode.
    expect(await pointsOf(few)).toBe(5);
    expect(await pointsOf(images)).toBe(0);
  });

  test("are medians over the seeds", () => {
    const several = makeImageResult({ seeds: 3 });
    expect(said("accuracy", several)).toBe(
      "In the median of 3 seeds, plain classifies 83 % of the images correctly at update 100; bn classifies 71 % of the images correctly at update 100 in inference mode (83 % in training mode).",
    );
  });
});

describe("feature maps", () => {
  test("are rows of pixels with the values of their digits", () => {
    const rows = [...mapTable.rows(images)];
    // Two arms in two states: the input, and the recorded channels of both convolutions.
    expect(rows).toHaveLength(2 * 2 * 24 * (1 + 8 + 4));
    const first = images.arms["plain"]?.maps?.states[0]?.layers[0];
    const own = rows.filter(({ arm, updates, layer }) => arm === "plain" && updates === 0 && layer === 0);
    const pixel = own.find(({ channel, x, y }) => channel === 7 && y === 5 && x === 2);
    const share = Number.parseInt(first?.values.slice(2 * (7 * 24 + 22), 2 * (7 * 24 + 23)) ?? "", 16) / 255;
    expect(pixel?.["value"]).toBeCloseTo(-2.75 + share * (3.75 + 2.75), 3);
    expect([...mapTable.rows(makeResult())]).toEqual([]);
  });

  test("say how many channels are lost, by their own rule", () => {
    expect(mapsClause(images, "plain")).toBe(
      "has 0 of 14 channels without a pixel above 0 before training and 2 of 14 at update 100, most in layer 2 (2 of 4)",
    );
    expect(mapsClause(images, "bn")).toBe(
      "has 0 of 14 channels without a pixel above 0 before training and 0 of 14 at update 100",
    );
    const flat = { height: 1, width: 1, low: [1, 1, -2], high: [1, 1 + 1e-7, -1], values: "000000" };
    expect([true, false].map((isRelu) => lostChannels(flat, isRelu))).toEqual([1, 2]);
    expect(said("maps", images)).toContain("For training image 3 (class 2) plain has 0 of 14");
  });

  test("draw the first layer's channels behind its input, of two arms", () => {
    const spec = maps.spec(alone(images), { viewport: "wide" });
    expect(param(spec, "columns")).toEqual(["input", "1", "2", "3", "4", "5", "6", "7", "8"]);
    expect(param(spec, "panels")).toEqual(["plain", "bn"]);
    const drawable = drawableOf(maps, alone(images));
    expect(drawable?.sets["maps"]).toHaveLength(2 * 2 * 24 * 9);
    expect(drawable?.notes[0]).toContain("training image 3 (class 2)");
    const colored = maps.spec(alone(makeImageResult({ inputs: 3 })), { viewport: "wide" });
    expect((param(colored, "columns") as string[]).slice(0, 4)).toEqual(["input 1", "input 2", "input 3", "1"]);
    for (const chart of [maps, kernels]) expect(chart.spec(alone(makeResult()), { viewport: "wide" })).toBeUndefined();
  });
});

describe("kernels", () => {
  test("are rows of weights, by channel and input", () => {
    const result = makeImageResult({ inputs: 3 });
    const rows = [...kernelTable.rows(result)];
    expect(rows).toHaveLength(2 * 2 * 8 * 3 * 9);
    const values = result.arms["bn"]?.maps?.states[1]?.kernels.values ?? [];
    const row = rows.find(
      ({ arm, updates, channel, input, x, y }) =>
        arm === "bn" && updates === 100 && channel === 5 && input === 2 && y === 1 && x === 0,
    );
    expect(row?.["value"]).toBe(values[(5 * 3 + 2) * 9 + 3]);
    const spec = kernels.spec(alone(result), { viewport: "wide" });
    expect(param(spec, "rows")).toHaveLength(6);
  });

  test("say how far they moved", () => {
    expect(movedBy([3, 4], [3, 6])).toBe(0.4);
    expect(said("kernels", images)).toBe(
      "plain changed its kernels by 25 % of their norm by update 100; bn changed its kernels by 25 % of their norm by update 100.",
    );
  });
});
