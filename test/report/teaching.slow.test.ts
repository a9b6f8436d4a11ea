import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { XMLValidator } from "fast-xml-parser";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embedding } from "../../src/report/embed.js";
import { makeResult } from "../charts/result-fixture.js";
import { sharedRun } from "../cli/shared-run.js";
import { faults } from "./axe.js";
import { launch, misplacedTexts, missing, open, reason, show } from "./chromium.js";
import { pageFolder, reportOf } from "./pages.js";

const PROJECTORS = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
  { width: 1024, height: 768 },
];
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

  describe.each(PROJECTORS)("on $width × $height", (viewport) => {
    const { width, height } = viewport;
    // The same share of every screen.
    const least = width / 96;

    test.each(["light", "dark"] as const)(
      "presents all on one screen in letters for the last row: %s",
      async (colorScheme) => {
        const { page, complaints } = await open(browser, report, { viewport, colorScheme });
        // At once, before the script has drawn anything.
        await page.keyboard.press("p");
        expect(await isPresenting(page)).toBe(true);
        for (const chart of presented)
          await page.locator(`${chart} [role] > div > svg, ${chart}[role] > div > svg`).waitFor();
        await expect.poll(async () => Math.min(...(await sizes(page)))).toBeGreaterThanOrEqual(least);
        for (const chart of presented) {
          const box = await page.locator(`${chart} svg`).boundingBox();
          if (box === null) throw new Error(`${chart} is not there`);
          expect(box.width, chart).toBeGreaterThan(0.4 * width);
          expect(box.y + box.height, chart).toBeLessThanOrEqual(height);
          expect(box.x + box.width, chart).toBeLessThanOrEqual(width);
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
        await expect.poll(async () => Math.min(...(await sizes(page)))).toBeGreaterThanOrEqual(least);
        await page.keyboard.press("Escape");
        expect(await isPresenting(page)).toBe(false);
        await expect.poll(async () => Math.min(...(await sizes(page)))).toBeLessThan(least);
        expect(await page.locator("nav").isVisible()).toBe(true);
        await page.getByRole("button", { name: "present" }).click();
        expect(await isPresenting(page)).toBe(true);
        expect(complaints.filter((complaint) => !complaint.startsWith("request:"))).toEqual([]);
        await page.context().close();
      },
    );
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

  test("shows a unit that is chosen by lists, in the drawing or by a link; without script the first one", async () => {
    const { folder: run } = await sharedRun("run", "--activation", "tanh", "--epochs", "250");
    const file = join(run, "report.html");
    const { page, complaints } = await show(browser, file);
    const part = page.locator("#one-unit");
    const formula = () => part.locator(".formula").innerText();
    const drawing = () => part.locator("#chart-unit svg").innerHTML();
    await part.evaluate((element: HTMLDetailsElement) => {
      element.open = true;
    });
    const [said, drawn] = [await formula(), await drawing()];
    expect(said).toMatch(/^u = γ · \(z − μ\) \/ √\(σ² \+ ε\) \+ β\nu = [−\d.]+ · \(z [+−] [\d.]+\) \/ √/);
    await part.getByLabel("layer").selectOption("layer 3");
    await part.locator("select").nth(2).focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(formula).not.toBe(said);
    await expect.poll(drawing).not.toBe(drawn);
    await expect.poll(() => new URL(page.url()).hash).toBe("#unit=2.3.2&layer=layer+3");
    expect(await part.locator(".unit-said").innerText()).toMatch(
      /^Unit 2 of layer 3 in bn, at update 250: it receives /,
    );
    expect(
      await part
        .locator("select")
        .nth(2)
        .evaluate((menu) => menu === document.activeElement),
    ).toBe(true);
    await part.locator('.net [data-at="4.7"]').click();
    await expect.poll(() => part.locator(".unit-said").innerText()).toMatch(/^Unit 8 of layer 5 in bn/);
    await part.locator("select").first().selectOption("plain");
    await expect.poll(formula).toBe("u = z: nothing normalizes what this net's activations receive.");
    expect(await faults(page)).toEqual([]);
    await expect.poll(() => page.url()).toContain("unit=1.5.8");
    await page.reload();
    await expect.poll(() => part.locator(".unit-said").innerText()).toMatch(/^Unit 8 of layer 5 in plain/);
    expect(await part.evaluate((element: HTMLDetailsElement) => element.open)).toBe(true);
    expect(complaints.filter((complaint) => !complaint.startsWith("request:"))).toEqual([]);
    const { page: bare } = await show(browser, file, {
      javaScriptEnabled: false,
      viewport: { width: 360, height: 740 },
    });
    expect(await bare.locator("#one-unit .formula").innerText()).toBe(said);
    expect(await bare.locator("#chart-unit svg").boundingBox()).not.toBeNull();
    expect(await bare.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    for (const each of [page, bare]) await each.context().close();
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
