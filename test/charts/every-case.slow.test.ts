import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawn } from "../../src/charts/picture.js";
import { renderSpec } from "../../src/charts/render.js";
import { sweepCharts } from "../../src/charts/sweep/index.js";
import { textWidth } from "../../src/charts/text-metrics.js";
import { describePictures, describeSpecifications, drawablesOf, picturesOf } from "./case-pictures.js";
import { cases, FEW } from "./cases.js";
import { SWEEPS } from "./sweep-fixture.js";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
// Where the suite is the judge, a missing browser is a failure and not a reason to skip.
const missing = !existsSync(executablePath) && process.env.CI !== "true";
const reason = missing ? ` (skipped: no Chromium at ${executablePath}; set CHROMIUM_PATH)` : "";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const QUIET = ["--disable-background-networking", "--disable-component-update"];

describePictures(Object.keys(cases).filter((name) => !FEW.includes(name)));
describeSpecifications(["ten seeds", "mini-batch gap", "three input columns"]);

describe.skipIf(missing)(`in Chromium${reason}`, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: [...ARGUMENTS, ...QUIET] });
    page = await browser.newPage({ viewport: { width: 1300, height: 1200 } });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("request", (request) => complaints.push(request.url()));
  });

  afterAll(async () => {
    await browser?.close();
  });

  /** Every text stands free in the picture, which is no wider than that. */
  async function expectLegible(chart: string, svg: string, most: number): Promise<void> {
    await page.setContent(`<!doctype html><body style="margin:0">${svg}</body>`);
    const { picture, texts } = await page.evaluate(boxes);
    expect(texts.length, chart).toBeGreaterThan(3);
    const outside = texts.filter(
      (box) => box.left < 0 || box.top < 0 || box.right > picture.right || box.bottom > picture.bottom,
    );
    expect(outside, `${chart}: outside ${JSON.stringify(picture)}`).toEqual([]);
    expect(overlaps(texts), chart).toEqual([]);
    for (const { size, text } of texts) expect(size, `${chart}: ${text}`).toBeGreaterThanOrEqual(10);
    expect(picture.right, chart).toBeLessThanOrEqual(most);
    expect(complaints).toEqual([]);
  }

  test.each(Object.keys(cases))("no text overlaps another or leaves the picture: %s", async (name) => {
    for (const { name: chart, file } of await picturesOf(name)) await expectLegible(chart, file, 1260);
  });

  test.each(Object.entries(SWEEPS))("nor in a picture of a sweep over %s", async (_, sweep) => {
    for (const chart of sweepCharts(sweep)) await expectLegible(chart.name, (await drawn(chart)).file, 1260);
  });

  test.each(Object.entries(cases))("on a phone no text overlaps another or leaves the chart: %s", async (_, result) => {
    for (const { name, spec, sets } of drawablesOf(result, "narrow")) {
      const svg = await renderSpec({ ...spec, padding: 5 }, sets, { title: "", description: "", idPrefix: "x" });
      await expectLegible(name, svg, 345);
    }
  });

  test("an SVG file is a document of its own", async () => {
    for (const { file: svg } of await picturesOf("trained")) {
      await page.setContent("");
      const error = await page.evaluate((source) => {
        const parsed = new DOMParser().parseFromString(source, "image/svg+xml");
        return parsed.querySelector("parsererror")?.textContent ?? null;
      }, svg);
      expect(error).toBeNull();
    }
  });

  test("the font table agrees with the browser's own measure", async () => {
    const samples = ["Pre-activations per layer", "x² − 5 · 250 — 15\u00a0000…", "≤ ∞ 100\u00a0%", "batch-normalized"];
    for (const bold of [false, true]) {
      await page.setContent(
        `<svg>${samples.map((text) => `<text style="font:${bold ? "bold" : "normal"} 40px Helvetica, Arial, 'Liberation Sans'; font-kerning:none">${text}</text>`).join("")}</svg>`,
      );
      const widths = await page.evaluate(() =>
        [...document.querySelectorAll("text")].map((element) => element.getComputedTextLength()),
      );
      samples.forEach((text, index) => {
        expect(Math.abs((widths[index] ?? 0) / textWidth(text, 40, bold) - 1), text).toBeLessThan(0.02);
      });
    }
  });
});

/** What the functions that run in the page use of the DOM; its whole types would hold for Node's files too. */
interface PageElement {
  readonly textContent: string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  getBoundingClientRect(): { left: number; top: number; right: number; bottom: number };
  getComputedTextLength(): number;
}
declare const document: PageElement;
declare const DOMParser: new () => { parseFromString(source: string, type: string): PageElement };
declare const getComputedStyle: (element: PageElement) => { opacity: string; fontSize: string };

interface Box {
  readonly text: string;
  readonly size: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Runs in the page: the picture's box and that of every drawn text. */
function boxes(): { picture: { right: number; bottom: number }; texts: Box[] } {
  const root = document.querySelector("svg");
  if (root === null) throw new Error("no svg");
  const { right, bottom } = root.getBoundingClientRect();
  const texts = [...root.querySelectorAll("text")].flatMap((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const { opacity, fontSize } = getComputedStyle(element);
    const text = element.textContent ?? "";
    return text === "" || opacity === "0"
      ? []
      : [{ text, size: Number.parseFloat(fontSize), left, top, right, bottom }];
  });
  return { picture: { right, bottom }, texts };
}

/** Pairs of texts that share more than a line's own leading, px. */
function overlaps(texts: readonly Box[], slack = 1.5): string[] {
  return texts.flatMap((one, index) =>
    texts.slice(index + 1).flatMap((other) => {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      return across > slack && down > slack
        ? [`${one.text} | ${other.text} (${across.toFixed(1)} × ${down.toFixed(1)})`]
        : [];
    }),
  );
}
