import { describe, expect, test } from "vitest";
import { buildDataset } from "../../src/data/dataset.js";
import type { Points } from "../../src/data/points.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { classesOf } from "../../src/experiment/classes.js";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { runExperiment } from "../../src/experiment/run.js";
import { classes as classTable, examples as exampleTable } from "../../src/tables/classes.js";
import { experimentOf, runnerOf } from "./experiments.js";

function images(labels: readonly number[], form: NonNullable<Points["image"]>, value: (i: number) => number): Points {
  const inputs = form.height * form.width * form.channels;
  const x = Float32Array.from({ length: labels.length * inputs }, (_, i) => value(i));
  return { samples: labels.length, inputs, x, y: Float32Array.from(labels), image: form };
}

const of = (training: Points, outputs: number, test?: Points) =>
  classesOf(buildDataset({ kind: "given", training, ...(test && { test }) }, 1, false), outputs);

describe("classes of images", () => {
  const small = { height: 1, width: 2, channels: 1 };

  test("are counted in both parts, those without images, too", () => {
    const classes = of(
      images([2, 0, 2], small, () => 0),
      4,
      images([1], small, () => 0),
    );
    expect([classes?.training, classes?.evaluation]).toEqual([
      [1, 0, 2, 0],
      [0, 1, 0, 0],
    ]);
    expect(
      of(
        images([2, 0, 2], small, () => 0),
        4,
      )?.evaluation,
    ).toBeUndefined();
  });

  test("have their first images as examples: bytes from 0 to 1, or to the values beyond", () => {
    const shown = (value: (i: number) => number) => of(images([1, 0, 1], small, value), 2)?.examples;
    expect(shown((i) => i / 5)).toEqual({ height: 1, width: 2, channels: 1, images: [["6699"], ["0033", "ccff"]] });
    // −1 is black and 4 white.
    expect(shown((i) => i - 1)?.images).toEqual([["6699"], ["0033", "ccff"]]);
    // A set that is dark everywhere stays dark.
    expect(shown(() => 0.2)?.images[0]).toEqual(["3333"]);
  });

  test("are shown with three channels as colors, with other numbers of them by the first", () => {
    const pixel = (channels: number) =>
      of(
        images([0], { height: 1, width: 1, channels }, (i) => i / 4),
        2,
      )?.examples;
    expect(pixel(3)).toMatchObject({ channels: 3, images: [["004080"], []] });
    expect(pixel(2)).toMatchObject({ channels: 1, images: [["00"], []] });
  });

  test("are shrunk to sixteen pixels a side by means, at the edge of what is there", () => {
    const wide = of(
      images([0], { height: 3, width: 33, channels: 1 }, (i) => (i % 33 === 32 || i < 3 ? 1 : 0)),
      2,
    );
    // Windows of 3 × 3: the first has three of nine, the last one column that is all white.
    expect(wide?.examples).toMatchObject({ height: 1, width: 11 });
    expect(wide?.examples?.images[0]).toEqual([`55${"00".repeat(9)}55`]);
  });

  test("are few where they are large, and none are shown of many", () => {
    const counts = [8, 28, 32].map((side) => {
      const labels = Array.from({ length: 50 }, (_, i) => i % 10);
      return of(
        images(labels, { height: side, width: side, channels: 1 }, () => 0),
        10,
      )?.examples?.images[9]?.length;
    });
    expect(counts).toEqual([4, 3, 2]);
    expect(
      of(
        images([0, 20], small, () => 0),
        21,
      )?.examples,
    ).toBeUndefined();
  });

  test("are those of labels alone, and of images", () => {
    const { image: _, ...columns } = images([0, 1], small, () => 0);
    expect(of(columns, 2)).toBeUndefined();
    expect(
      of(
        images([0, 1], small, () => 0),
        1,
      ),
    ).toBeUndefined();
  });
});

test("a result's classes are rows of tables, and must add up", async () => {
  const { result } = await runExperiment(
    experimentOf({
      data: "digits",
      samples: 40,
      testSamples: 20,
      loss: "crossEntropy",
      layers: ["conv 1 /2", "mean", "dense 10"],
      updates: 1,
    }),
    runnerOf(referenceEngine()),
  );
  expect(faultsOf(result)).toEqual([]);
  const rows = [...classTable.rows(result)];
  const sum = (part: string) => rows.reduce((all, row) => all + (row["part"] === part ? Number(row["images"]) : 0), 0);
  expect([rows.length, sum("training"), sum("test")]).toEqual([20, 40, 20]);

  const { classes } = result.data;
  const [first = ""] = classes?.examples?.images[3] ?? [];
  const pixels = [...exampleTable.rows(result)].filter(({ label, example }) => label === 3 && example === 0);
  expect(pixels).toHaveLength((first.match(/../g) ?? []).filter((byte) => byte !== "00").length);
  for (const { pixel_y, pixel_x, color } of pixels) {
    const byte = first.slice(
      2 * (8 * Number(pixel_y) + Number(pixel_x)),
      2 * (8 * Number(pixel_y) + Number(pixel_x)) + 2,
    );
    expect(color).toBe(`#${byte}${byte}${byte}`);
  }

  if (classes?.examples === undefined) throw new Error("there are no examples");
  const { training, examples } = classes;
  const changed = (change: object) =>
    faultsOf({ ...result, data: { ...result.data, classes: { ...classes, ...change } } });
  const paths = [
    { training: training.map((count) => count + 1) },
    { evaluation: [20] },
    { examples: { ...examples, images: examples.images.map((own) => own.map((image) => image.slice(1))) } },
    { examples: { ...examples, height: 1e9 } },
  ].map((change) => changed(change).map(({ path }) => path.join(".")));
  expect(paths).toEqual([
    ["data.classes.training"],
    ["data.classes.evaluation"],
    ["data.classes.examples"],
    ["data.classes.examples"],
  ]);
});
