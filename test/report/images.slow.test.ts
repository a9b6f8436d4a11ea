import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRun } from "../../src/output/run-reader.js";
import { recordedMaps } from "../../src/tables/maps.js";
import { sharedRun } from "../cli/shared-run.js";
import { faults } from "./axe.js";
import { launch, misplacedTexts, missing, reason, show } from "./chromium.js";
import { pageFolder, reportOf } from "./pages.js";

const runImages = () => sharedRun("run", "--preset", "images", "--epochs", "1", "--maps-of", "5");

test("a run on images records one image's maps that fit its layers' verdicts", async () => {
  const { result } = readRun((await runImages()).folder);
  expect(result.config.mapsOf).toBe(5);
  expect(Object.values(result.arms).map(({ maps }) => maps?.states.map(({ update }) => update))).toEqual([
    [0, 23],
    [0, 23],
  ]);
  for (const { arm, updates, layer, maps } of recordedMaps(result)) {
    const seen = result.arms[arm]?.checkpoints.find(({ update }) => update === updates)?.layers[Math.max(0, layer)];
    const { min = 0, max = 0 } = (layer < 0 ? seen?.layerInput : seen?.preActivation) ?? {};
    // One image lies within what all of them are; six digits are recorded.
    expect(Math.min(...maps.low)).toBeGreaterThanOrEqual(Number(min) - 1e-4);
    expect(Math.max(...maps.high)).toBeLessThanOrEqual(Number(max) + 1e-4);
    const lost = maps.high.filter((most) => most <= 0).length;
    // What is silent for every image is silent for one.
    if (layer >= 0) expect(lost).toBeGreaterThanOrEqual(seen?.health.silentUnits ?? 0);
  }
  // Both nets start with the same kernels, and see the same image.
  const [plain, bn] = ["plain", "bn"].map((arm) => result.arms[arm]?.maps);
  expect(plain?.states[0]?.kernels).toEqual(bn?.states[0]?.kernels);
  expect(plain?.label).toBe(bn?.label);
});

describe.skipIf(missing)(`the page of a run on images in Chromium${reason}`, () => {
  let browser: Browser;
  const folder = pageFolder();
  let report = "";

  beforeAll(async () => {
    browser = await launch();
    report = folder.write("images", await reportOf(readRun((await runImages()).folder).result));
  });

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  test("speaks of channels and images, and shows accuracy, maps and kernels", async () => {
    const { page, complaints } = await show(browser, report);
    expect(complaints).toEqual([]);
    expect(await misplacedTexts(page)).toEqual([]);
    for (const chart of ["accuracy", "maps", "kernels"])
      expect(await page.locator(`#chart-${chart} [role=application]`).count(), chart).toBe(1);
    const text = (await page.locator("body").textContent()) ?? "";
    expect(text).toMatch(/For training image 5 \(class \d\) plain has \d+ of 96 channels without a pixel above 0/);
    expect(text).toContain("layer 1 (conv 16)");
    expect(text).not.toMatch(/given (?:points|images)|samples and units/);
    await page.context().close();
  });

  test.each([
    [360, 740],
    [1280, 800],
    [1920, 1080],
  ])("opens with the accuracy in the window, beside or below the sentence: %i × %i px", async (width, height) => {
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await show(browser, report, { viewport: { width, height }, javaScriptEnabled });
      const [lead, picture] = [
        await page.locator(".lead").boundingBox(),
        await page.locator("#chart-stage-accuracy svg").boundingBox(),
      ];
      if (lead === null || picture === null) throw new Error("something is not there");
      expect(picture.y + 0.75 * picture.height).toBeLessThan(height);
      if (width > 360) expect(picture.x).toBeGreaterThan(lead.x + lead.width);
      if (javaScriptEnabled) {
        const drawing = () => page.locator("#chart-stage-accuracy svg").innerHTML();
        const before = await drawing();
        await page.keyboard.press("ArrowRight");
        await expect.poll(drawing).not.toBe(before);
        await page.keyboard.press("p");
        await expect
          .poll(async () => (await page.locator("#chart-stage-accuracy svg").boundingBox())?.width)
          .toBeGreaterThan(0.4 * width);
      }
      await page.context().close();
    }
  });

  test("has no fault that axe-core finds, and does not scroll sideways", async () => {
    for (const [width, colorScheme] of [
      [360, "dark"],
      [1280, "light"],
      [1920, "dark"],
    ] as const) {
      const { page } = await show(browser, report, { colorScheme, viewport: { width, height: 900 } });
      expect(await faults(page), `${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.context().close();
    }
  });
});
