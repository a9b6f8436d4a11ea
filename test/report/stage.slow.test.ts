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

  const shownUpdate = (page: Page) => page.locator("#stage output").textContent();
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
      if (viewport !== PHONE) expect(layers.y + 0.5 * layers.height).toBeLessThan(viewport.height);
      await page.context().close();
    }
  });

  test("plays by itself to the end, but not for those who want no motion", async () => {
    const { page: still } = await show(browser, report);
    expect(await shownUpdate(still)).toBe("0");
    expect(await still.locator("#stage .play").textContent()).toBe("play");
    const { page, complaints } = await show(browser, report, { reducedMotion: "no-preference" });
    await expect.poll(() => shownUpdate(page), { timeout: 20_000 }).toBe("250");
    expect(await page.locator("#stage .play").textContent()).toBe("play");
    await expect.poll(() => fits(page)).not.toBe(await fits(still));
    expect(complaints).toEqual([]);
    await page.context().close();
    await still.context().close();
  });

  test("moves with space and arrow keys, without focus, together with everything else", async () => {
    const { page, complaints } = await show(browser, report);
    const [before, layers] = [await fits(page), page.locator("#stage .of-layers svg")];
    const drawing = await layers.evaluate((svg) => svg.innerHTML);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => shownUpdate(page)).toBe("50");
    expect(await page.locator(".player output").textContent()).toBe("50");
    await expect.poll(() => fits(page)).not.toBe(before);
    await expect.poll(() => layers.evaluate((svg) => svg.innerHTML)).not.toBe(drawing);
    expect(await page.locator("#stage .here").textContent()).toMatch(/^plain costs 850; bn costs 850\.$/);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => shownUpdate(page)).toBe("0");
    await expect.poll(() => fits(page)).toBe(before);
    const play = page.locator("#stage .play");
    await page.keyboard.press("Space");
    expect(await play.textContent()).toBe("pause");
    await page.keyboard.press("Space");
    expect(await play.textContent()).toBe("play");
    expect(await page.evaluate(() => scrollY)).toBe(0);
    // A list that has the focus keeps its keys.
    await page.getByLabel("highlight").focus();
    const now = await shownUpdate(page);
    await page.keyboard.press("ArrowRight");
    expect(await shownUpdate(page)).toBe(now);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("keeps the update and the layer in the address", async () => {
    const { page, complaints } = await show(browser, report);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByLabel("highlight").selectOption("layer 2");
    await expect.poll(() => new URL(page.url()).hash).toMatch(/update=100/);
    expect(new URL(page.url()).hash).toMatch(/layer=layer(\+|%20)2/);
    await page.reload();
    await expect.poll(() => shownUpdate(page)).toBe("100");
    expect(
      await page.getByLabel("highlight").evaluate((menu: HTMLSelectElement) => menu.selectedOptions[0]?.text),
    ).toBe("layer 2");
    const shared = await page.context().newPage();
    await shared.goto(page.url().replace("update=100", "update=120"));
    await expect.poll(() => shownUpdate(shared)).toBe("100");
    expect(complaints.filter((complaint) => !complaint.startsWith("request:"))).toEqual([]);
    await page.context().close();
  });
});
