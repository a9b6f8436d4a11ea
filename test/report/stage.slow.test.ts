import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeResult } from "../charts/result-fixture.js";
import { launch, missing, reason, show } from "./chromium.js";
import { pageFolder, reportOf } from "./pages.js";

const PHONE = { width: 360, height: 740 };
const LAPTOP = { width: 1280, height: 800 };
const PROJECTOR = { width: 1920, height: 1080 };

describe.skipIf(missing)(`a report's first screen in Chromium${reason}`, () => {
  let browser: Browser;
  const folder = pageFolder();
  let report = "";

  beforeAll(async () => {
    browser = await launch();
    report = folder.write("report", await reportOf(makeResult({ hiddenLayers: 7, updates: 250 })));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  const shownUpdate = (page: Page) => page.locator(".bar output").textContent();
  const fits = (page: Page) => page.locator("#chart-stage-fits svg").evaluate((svg) => svg.innerHTML);

  test.each([PHONE, LAPTOP, PROJECTOR])("has the sentence and the fits in the window: %j", async (viewport) => {
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await show(browser, report, { viewport, javaScriptEnabled });
      const lead = await page.locator(".lead").boundingBox();
      const picture = await page.locator("#chart-stage-fits svg").boundingBox();
      const layers = await page.locator("#stage .of-layers svg").boundingBox();
      if (lead === null || picture === null || layers === null) throw new Error("something is not there");
      expect(lead.y + lead.height).toBeLessThan(viewport.height);
      // All of the plot; on a phone its legend may lie below.
      expect(picture.y + 0.75 * picture.height).toBeLessThan(viewport.height);
      // Of the script's page the bar covers the end.
      const bar = (await page.locator(".bar").count()) === 0 ? null : await page.locator(".bar").boundingBox();
      expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
      if (viewport !== PHONE) expect(layers.y + 0.9 * layers.height).toBeLessThan(bar?.y ?? viewport.height);
      await page.context().close();
    }
  });

  test("plays by itself to the end, but not for those who want no motion", async () => {
    const { page: still } = await show(browser, report);
    expect(await shownUpdate(still)).toBe("0");
    const button = (page: Page) => page.locator(".bar button").first().getAttribute("aria-label");
    expect(await button(still)).toBe("play");
    const { page, complaints } = await show(browser, report, { reducedMotion: "no-preference" });
    await expect.poll(() => shownUpdate(page), { timeout: 20_000 }).toBe("250");
    await expect.poll(() => button(page)).toBe("play");
    await expect.poll(() => fits(page)).not.toBe(await fits(still));
    expect(complaints).toEqual([]);
    await page.context().close();
    await still.context().close();
  });

  test("moves with space and arrow keys, without focus, together with everything else", async () => {
    const { page, complaints } = await show(browser, report);
    const [before, layers] = [await fits(page), page.locator("#stage .of-layers svg")];
    const drawing = await layers.evaluate((svg) => svg.innerHTML);
    /** Where the costs and the verdicts have their marker. */
    const markers = () =>
      Promise.all(
        ["costs", "verdicts"].map((chart) =>
          page.locator(`#chart-${chart} svg`).evaluate((svg) => svg.innerHTML.replace(/<desc>.*?<.desc>/g, "")),
        ),
      );
    const marked = await markers();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => shownUpdate(page)).toBe("50");
    await expect.poll(() => fits(page)).not.toBe(before);
    await expect.poll(() => layers.evaluate((svg) => svg.innerHTML)).not.toBe(drawing);
    for (const place of [0, 1]) await expect.poll(async () => (await markers())[place]).not.toBe(marked[place]);
    expect(await page.locator("#stage .here").textContent()).toMatch(/^plain costs 850; bn costs 850\.$/);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => shownUpdate(page)).toBe("0");
    await expect.poll(() => fits(page)).toBe(before);
    const play = page.locator(".bar button").first();
    await page.keyboard.press("Space");
    expect(await play.getAttribute("aria-label")).toBe("pause");
    await page.keyboard.press("Space");
    expect(await play.getAttribute("aria-label")).toBe("play");
    expect(await page.evaluate(() => scrollY)).toBe(0);
    // A list that has the focus keeps its keys.
    await page.getByLabel("highlight").focus();
    const now = await shownUpdate(page);
    await page.keyboard.press("ArrowRight");
    expect(await shownUpdate(page)).toBe(now);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("keeps the update, the layer and the scale in the address", async () => {
    const { page, complaints } = await show(browser, report);
    const state = async (shown: Page) => ({
      update: await shownUpdate(shown),
      layer: await shown
        .getByLabel("highlight")
        .evaluate((menu: HTMLSelectElement) => menu.selectedOptions[0]?.textContent),
      scale: await shown.locator("#chart-costs input:checked + span").textContent(),
      heights: await shown.locator("#stage input:checked + span").textContent(),
    });
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByLabel("highlight").selectOption("layer 2");
    await page.locator("#chart-costs").getByText("linear", { exact: true }).click();
    const drawing = () => page.locator("#stage .of-layers svg").innerHTML();
    const before = await drawing();
    await page.locator("#stage").getByText("square root", { exact: true }).click();
    await expect.poll(drawing).not.toBe(before);
    await expect
      .poll(() => new URL(page.url()).hash)
      .toBe("#update=100&layer=layer+2&scale=linear&heights=square+root");
    const wanted = { update: "100", layer: "layer 2", scale: "linear", heights: "square root" };
    await page.reload();
    await expect.poll(() => state(page)).toEqual(wanted);
    const shared = await page.context().newPage();
    await shared.goto(page.url().replace("update=100", "update=120"));
    await expect.poll(() => state(shared)).toEqual(wanted);
    // A link to a section changes nothing, and neither does what is no state.
    await shared.locator("nav a").first().click();
    expect(await state(shared)).toEqual(wanted);
    await shared.goto(`${page.url().split("#")[0]}#update=<b>&layer=%00&scale=x&heights=1&arms=7,-1&y=<script>`);
    await expect.poll(() => state(shared)).toEqual({ update: "0", layer: "no layer", scale: "log", heights: "linear" });
    expect(complaints.filter((complaint) => !complaint.startsWith("request:"))).toEqual([]);
    await page.context().close();
  });

  test("fills the column of a tablet with every chart", async () => {
    const { page } = await show(browser, report, { viewport: { width: 768, height: 1024 } });
    const shares = await page.locator('main .canvas[role="application"]').evaluateAll((all) =>
      all.map((canvas) => ({
        chart: canvas.closest("figure")?.id,
        share: (canvas.querySelector("svg")?.getBoundingClientRect().width ?? 0) / canvas.clientWidth,
      })),
    );
    expect(shares.map(({ chart }) => chart)).toContain("chart-verdicts");
    expect(shares.filter(({ share }) => share < 0.9 || share > 1.001)).toEqual([]);
    await page.context().close();
  });

  test("plays to the end without a complaint, and without a task of 100 ms", async () => {
    const { page, complaints } = await show(browser, report, { reducedMotion: "no-preference" });
    await expect.poll(() => shownUpdate(page), { timeout: 20_000 }).toBe("250");
    await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "__metadata"] });
    await page.keyboard.press("Space");
    await expect.poll(() => shownUpdate(page), { timeout: 5000 }).toBe("0");
    await expect.poll(() => shownUpdate(page), { timeout: 20_000 }).toBe("250");
    const durations = tasksOf((await browser.stopTracing()).toString());
    expect(durations.length).toBeGreaterThan(100);
    expect(durations.filter((duration) => duration > 100)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** CPU time, µs. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** CPU times of the tasks of pages' main threads, ms: unlike those of a clock, they are about the same on a busy machine. */
function tasksOf(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  return traceEvents
    .filter(({ name, ph, pid, tid }) => name.endsWith("RunTask") && ph === "X" && main.has(`${pid}/${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000);
}
