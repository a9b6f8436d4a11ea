import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedRun } from "../cli/shared-run.js";
import { launch, missing, open, reason, show } from "./chromium.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const runs = {
  relu: ["run", "--activation", "relu"],
  tanh: ["run", "--activation", "tanh", "--epochs", "250"],
  controls: ["run", "experiments/controls/experiment.yaml"],
} as const;
/** What is folded under "How this was measured". */
const BEHIND = /undefined|engine fused|SHA-256/;

/** Their axes have numbers, which are not words. */
const OTHERS = {
  "mini-batches": ["run", "--preset", "tutorial-minibatch"],
  "three columns": ["run", "--dataset", "gaussian", "--inputs", "3", "--activation", "tanh"],
  "several seeds": ["run", "--activation", "tanh", "--epochs", "250", "--seeds", "5"],
  images: ["run", "--preset", "images", "--updates", "23"],
};
const MOST_WORDS = { relu: 900, tanh: 900, controls: 1500 } as const;

describe.skipIf(missing)(`a run's page in Chromium${reason}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
  });

  const pageOf = async (name: keyof typeof runs) => {
    const { exitCode, folder } = await sharedRun(...runs[name]);
    expect(exitCode).toBe(0);
    return join(folder, "report.html");
  };

  test.each(["relu", "tanh", "controls"] as const)("has few words, those in pictures included: %s", async (name) => {
    const { page } = await open(browser, await pageOf(name));
    await page.waitForTimeout(500);
    expect(await visibleWords(page)).toBeLessThanOrEqual(MOST_WORDS[name]);
    expect(await silentSections(page)).toEqual([]);
    expect(await page.locator("body").innerText()).not.toMatch(BEHIND);
    // What is folded would be more than that.
    await page.evaluate(() => {
      for (const folded of document.querySelectorAll("details")) folded.open = true;
    });
    expect(await visibleWords(page)).toBeGreaterThan(MOST_WORDS[name]);
    await page.context().close();
  });

  test.each(Object.entries(OTHERS))("has few words in a run of another kind: %s", async (_, args) => {
    const { exitCode, folder } = await sharedRun(...args);
    expect(exitCode).toBe(0);
    const { page } = await open(browser, join(folder, "report.html"));
    await page.waitForTimeout(500);
    expect(await visibleWords(page, /\p{L}/u)).toBeLessThanOrEqual(900);
    expect(await page.locator("body").innerText()).not.toMatch(BEHIND);
    expect(await silentSections(page)).toEqual([]);
    await page.context().close();
  });

  test.each([360, 1280, 1920])("says why in four steps, each with its picture, at %i px", async (width) => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, complaints } = await show(browser, await pageOf("tanh"), {
        viewport: { width, height: 900 },
        javaScriptEnabled,
      });
      const steps = page.locator("#why > .step");
      expect(await steps.evaluateAll((all) => all.map(({ id }) => id))).toEqual([
        "values",
        "layers",
        "gradients",
        "fits",
      ]);
      for (const step of await steps.all()) {
        expect((await step.locator("> .says").innerText()).length).toBeGreaterThan(40);
        expect((await step.locator("> figure svg").first().boundingBox())?.width).toBeGreaterThan(250);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  test("has no fault that axe-core finds", async () => {
    const { page } = await show(browser, await pageOf("controls"));
    await page.evaluate(AXE);
    const faults = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
    });
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

/** The sections that do not say what they mean until something is opened. */
async function silentSections(page: Page): Promise<string[]> {
  const sections = await page.locator("main > section:has(> h2)").evaluateAll((all) =>
    all.map((section) => ({
      title: section.querySelector("h2")?.textContent ?? "",
      says: [...section.querySelectorAll("p")].some((text) => text.checkVisibility()),
    })),
  );
  expect(sections.length).toBeGreaterThan(3);
  return sections.filter(({ says }) => !says).map(({ title }) => title);
}

/** Words that a reader may see without opening anything, of those that match. */
function visibleWords(page: Page, kind = /./): Promise<number> {
  return page.evaluate((kind) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let words = 0;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (element === null || element.closest("script, style, option") !== null) continue;
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      words += (node.textContent ?? "").split(/\s+/).filter((word) => kind.test(word)).length;
    }
    return words;
  }, kind);
}
