import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { XMLValidator } from "fast-xml-parser";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embedding } from "../../src/report/embed.js";
import { makeResult } from "../charts/result-fixture.js";
import { faults } from "./axe.js";
import { launch, misplacedTexts, missing, reason, show } from "./chromium.js";
import { pageFolder, reportOf } from "./pages.js";

const PROJECTOR = { width: 1920, height: 1080 };
const result = makeResult({ hiddenLayers: 7, updates: 250 });

describe.skipIf(missing)(`a report for teaching, in Chromium${reason}`, () => {
  let browser: Browser;
  const folder = pageFolder();
  let report = "";

  beforeAll(async () => {
    browser = await launch();
    report = folder.write("report", await reportOf(result));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  const presented = ["#chart-stage-fits", "#chart-costs", "#stage .of-layers"];
  const isPresenting = (page: Page) =>
    page.evaluate(() => document.documentElement.classList.contains("shows-presentation"));
  /** Texts that can be read, px. */
  const sizes = (page: Page) =>
    page
      .locator(".presented text")
      .evaluateAll((texts) =>
        (texts as SVGTextElement[])
          .filter(({ textContent }) => textContent !== "")
          .map(
            (text) =>
              Number.parseFloat(getComputedStyle(text).fontSize) *
              Math.hypot(text.getScreenCTM()?.a ?? 0, text.getScreenCTM()?.b ?? 0),
          ),
      );

  test("presents fits, costs and layers on one screen, in letters for the last row", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints } = await show(browser, report, { viewport: PROJECTOR, colorScheme });
      await page.keyboard.press("p");
      expect(await isPresenting(page)).toBe(true);
      await expect.poll(async () => Math.min(...(await sizes(page)))).toBeGreaterThanOrEqual(20);
      for (const chart of presented) {
        const box = await page.locator(`${chart} svg`).boundingBox();
        if (box === null) throw new Error(`${chart} is not there`);
        expect(box.width, chart).toBeGreaterThan(800);
        expect(box.y + box.height, chart).toBeLessThanOrEqual(PROJECTOR.height);
        expect(box.x + box.width, chart).toBeLessThanOrEqual(PROJECTOR.width);
      }
      for (const hidden of ["main p", "nav", "footer", ".lead", ".save"])
        for (const element of await page.locator(hidden).all()) expect(await element.isVisible(), hidden).toBe(false);
      expect(await misplacedTexts(page)).toEqual([]);
      expect(await faults(page)).toEqual([]);
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => page.locator(".bar output").textContent()).toBe("50");
      await expect.poll(() => page.url()).toContain("show=presentation");
      await page.reload();
      await expect.poll(() => isPresenting(page)).toBe(true);
      await expect.poll(async () => Math.min(...(await sizes(page)))).toBeGreaterThanOrEqual(20);
      await page.keyboard.press("Escape");
      expect(await isPresenting(page)).toBe(false);
      await expect.poll(async () => Math.min(...(await sizes(page)))).toBeLessThan(20);
      expect(await page.locator("nav").isVisible()).toBe(true);
      await page.getByRole("button", { name: "present" }).click();
      expect(await isPresenting(page)).toBe(true);
      expect(complaints.filter((complaint) => !complaint.startsWith("request:"))).toEqual([]);
      await page.context().close();
    }
  });

  test.each(["light", "dark"] as const)("saves every chart as a file that needs nothing: %s", async (colorScheme) => {
    const { page, complaints } = await show(browser, report, { colorScheme });
    const saved = async (button: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: button, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const canvases = await page.locator(".chart .canvas").count();
    expect(await page.getByRole("button", { name: /^save .* as SVG$/, includeHidden: true }).count()).toBe(canvases);
    for (const chart of ["costs", "stage", "stage-fits", "verdicts"]) {
      const svg = await saved(`save ${chart} as SVG`);
      expect(svg.name).toBe(`${chart}.svg`);
      const text = svg.bytes.toString();
      expect(XMLValidator.validate(text)).toBe(true);
      expect(text).not.toMatch(/url\((?!#)|href="(?!#)|<style|class="[^"]*live/);
      expect(text).toContain("Liberation Sans");
      const drawn = new Resvg(text, { font: { defaultFontFamily: "Liberation Sans" } }).render();
      const ground = [...drawn.pixels.subarray(0, 3)];
      expect(ground).toEqual(colorScheme === "light" ? [255, 255, 255] : [20, 20, 20]);
      const png = await saved(`save ${chart} as PNG`);
      expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
      // Twice as large, rounded down.
      expect(Math.abs(png.bytes.readUInt32BE(16) - 2 * drawn.width)).toBeLessThanOrEqual(2);
    }
    expect(complaints.filter((complaint) => !/^request: (data|blob):/.test(complaint))).toEqual([]);
    await page.context().close();
  });

  test("shows what it opens with in a frame that takes its height", async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 }, reducedMotion: "reduce" });
    const markup = embedding(result, join(process.cwd(), "x.html")).replace("x.html", `file://${report}`);
    await page.goto(`file://${folder.write("frame", `<!doctype html><title>a slide</title>${markup}`)}`);
    const frame = page.frameLocator("iframe");
    await frame.locator("#stage .of-layers svg").waitFor();
    expect(await frame.locator("main").isVisible()).toBe(false);
    const overflow = () => frame.locator("html").evaluate((root) => Math.abs(root.scrollHeight - innerHeight));
    await expect.poll(overflow).toBeLessThan(3);
    const height = await page.locator("iframe").evaluate((element) => element.clientHeight);
    await page.setViewportSize({ width: 400, height: 800 });
    await expect.poll(() => page.locator("iframe").evaluate((element) => element.clientHeight)).not.toBe(height);
    await expect.poll(overflow).toBeLessThan(3);
    await page.close();
  });
});
