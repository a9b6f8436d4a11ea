import { expect, test } from "vitest";
import { classes, drawnClasses } from "../../src/charts/classes/index.js";
import { drawPictures } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import { manyLabels, withClasses } from "./classes-fixture.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

const two = withClasses({
  training: [3, 1],
  evaluation: [1, 1],
  examples: { height: 2, width: 2, channels: 1, images: [["00ff80ff", "ff00ff40"], ["000000ff"]] },
});

test("classes.svg is the picture that was reviewed", async () => {
  const picture = (await drawPictures(alone(two))).get("classes");
  await expect(picture?.file).toMatchFileSnapshot("./snapshots/images.classes.svg");
  expect(picture?.description).toBe(
    "2 classes, of 1 to 3 training images each and 1 test images. Always predicting the most frequent label is right for 50\u00a0%.",
  );
});

test("every pixel that is not black is a square where the image has it", async () => {
  const bare = (await drawPictures(alone(two))).get("classes")?.bare ?? "";
  const [, pixels = ""] = /pixels_marks"[^>]*>(.*?)<\/g>/s.exec(bare) ?? [];
  const squares = [...pixels.matchAll(/d="M([\d.]+),([\d.]+)h(\d+)v(\d+)[^"]*" fill="(#\w+)"/g)].map((found) =>
    found.slice(1),
  );
  // Examples are 38 px apart, of which 32 are two pixels.
  expect(squares.map(([x, y, ...rest]) => [Number(x) - 3, Number(y) - 3, ...rest])).toEqual([
    [16, 0, "16", "16", "#ffffff"],
    [0, 16, "16", "16", "#808080"],
    [16, 16, "16", "16", "#ffffff"],
    [38, 0, "16", "16", "#ffffff"],
    [38, 16, "16", "16", "#ffffff"],
    [54, 16, "16", "16", "#404040"],
    [16, 54, "16", "16", "#ffffff"],
  ]);
});

test("of many classes some are drawn, without images, and the picture says so", async () => {
  const picture = (await drawPictures(alone(manyLabels))).get("classes");
  expect(picture?.notes.join()).toContain("Drawn: 60 of 100 classes; all are in result.json.");
  expect(picture?.bare).not.toContain("pixels");
  const { texts } = scanXml(picture?.bare ?? "");
  for (const label of [0, 99]) expect(texts).toContain(String(label));
  expect(drawnClasses(100)).toHaveLength(60);
});

test("runs share it where their data are the same; others have none", () => {
  const runs = (other: typeof two) =>
    [
      { label: "a", result: two },
      { label: "b", result: other },
    ] as const;
  expect(classes.spec(runs({ ...two, seeds: two.seeds }), { viewport: "wide" })).toBeDefined();
  const else_ = { ...two, pairing: { ...two.pairing, data: "1".repeat(64) } };
  expect(classes.spec(runs(else_), { viewport: "wide" })).toBeUndefined();
  expect(classes.spec(alone(makeResult()), { viewport: "wide" })).toBeUndefined();
});
