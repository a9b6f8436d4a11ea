import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ARM_KEYS, type Settings } from "../../src/config/keys.js";
import { ACTIVATION_NUMBERS } from "../../src/engines/kernel-module.js";
import type * as api from "../../src/index.js";
import { initializers } from "../../src/model/initializers.js";
import { normalizers } from "../../src/model/normalizers/index.js";
import { optimizers } from "../../src/model/optimizers/index.js";
import { ownEntry } from "../../src/record/own-entry.js";
import type { Result } from "../../src/record/result.js";
import { launch, missing, open, reason } from "../report/chromium.js";
import { pageFolder } from "../report/pages.js";

/** As it is built: workers are files of the build. */
const built = new URL("../../dist/index.js", import.meta.url).href;
const { renderReport, run }: typeof api = await import(built);

const small: Settings = { hiddenLayers: 2, width: 12, samples: 60, updates: 12, costEvery: 4, histogramEvery: 6 };
const [he, tanh] = [{ init: "he" } as const, { activation: "tanh", init: "glorot", learningRate: 0.01 } as const];

/** Between them, they set every key that an arm may, and every choice of the fused engine. */
const RUNS: Readonly<Record<string, Settings>> = {
  "the tutorial's ReLU": { preset: "tutorial", activation: "relu", updates: 40 },
  "its tanh": { preset: "tutorial", activation: "tanh", updates: 40 },
  "mini-batches with a remainder": { ...small, ...tanh, batchSize: 7, shuffle: true, testSamples: 9, noise: 2 },
  "standardized columns": { ...small, ...he, standardizeInputs: true, standardizeTargets: true },
  "three Gaussian columns": { ...small, ...he, dataset: "gaussian", inputs: 3, noise: 0.1 },
  "accumulated ghost batches": {
    ...small,
    ...he,
    batchSize: 20,
    accumulate: 2,
    arms: { a: {}, b: { ghostBatchSize: 5 } },
  },
  activations: {
    ...small,
    ...he,
    arms: Object.fromEntries(
      Object.keys(ACTIVATION_NUMBERS).map((activation) => [activation, { activation } as Settings]),
    ) as Settings["arms"] & object,
  },
  initializers: {
    ...small,
    ...tanh,
    arms: {
      ...(Object.fromEntries(Object.keys(initializers).map((init) => [init, { init }])) as Settings["arms"]),
      deviation: { init: "normal", initStd: 0.3, bias: 0.2, biasStd: 0.1 },
    },
  },
  "where and how BN stands": {
    ...small,
    ...he,
    arms: {
      none: { normalize: "none" },
      input: { normalize: "input" },
      hidden: { normalize: "hidden", position: "after" },
      output: { normalizeOutput: true },
      center: { transform: "center", affine: false },
      scale: { transform: "scale", decay: 0.9, debias: true, epsilon: 0.1 },
      frozen: { frozenFrom: 5, learningRate: 0.002 },
    },
  },
  normalizers: {
    ...small,
    ...he,
    arms: {
      ...(Object.fromEntries(
        Object.keys(normalizers)
          .filter((name) => name !== "group" && name !== "instance")
          .map((normalizer) => [normalizer, { normalizer }]),
      ) as Settings["arms"]),
      groups: { normalizer: "group 4" },
      limits: { normalizer: "renorm", renormMax: 2, renormShift: 1 },
    },
  },
  optimizers: {
    ...small,
    ...he,
    arms: {
      ...(Object.fromEntries(
        Object.keys(optimizers).map((optimizer) => [optimizer, { optimizer }]),
      ) as Settings["arms"]),
      heavy: { optimizer: "momentum", momentum: 0.5, weightDecay: 0.01, decayNorms: true },
      quick: { optimizer: "adam", beta1: 0.8, beta2: 0.9 },
    },
  },
  "several seeds, of which the first is shown": { ...small, ...he, seeds: 3, seed: 7 },
  "images, which the page has with it": {
    preset: "images",
    layers: ["conv 4", "max", "conv 6 /2", "mean", "dense 10"],
    epochs: 1,
    arms: {
      plain: { normalize: "none" },
      bn: {},
      height: { axes: "height" },
      instance: { normalizer: "instance", position: "afterPooling" },
    },
  },
};

test("the runs below set every key that an arm may", () => {
  const set = new Set(
    Object.values(RUNS).flatMap((each) => [each, ...Object.values(each.arms ?? {})].flatMap(Object.keys)),
  );
  expect(ARM_KEYS.filter((key) => !set.has(key))).toEqual([]);
  expect(Object.keys(RUNS)).toHaveLength(13);
});

describe.skipIf(missing)(`a page that trains${reason}`, () => {
  let browser: Browser;
  const folder = pageFolder();

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  /** What the page says after its button was pressed, and what it complained about. */
  async function said(name: string, result: Result) {
    const file = folder.write(name, await renderReport(result));
    const { page, complaints } = await open(browser, file);
    await page.locator("details:has(#lab) > summary").click();
    await page.locator("#lab button").click();
    const verdict = page.locator(".lab-verdict");
    await expect.poll(() => verdict.textContent(), { timeout: 120_000 }).not.toBe("");
    const [text, lines] = [await verdict.textContent(), await page.locator("#lab li").allTextContents()];
    await page.context().close();
    // A worker's script is an object of the page itself.
    return { text, lines, complaints: complaints.filter((each) => !each.startsWith("request: blob:")) };
  }

  test.each(Object.keys(RUNS))("gives the recorded states: %s", async (name) => {
    const { result } = await run(RUNS[name]);
    const { text, lines, complaints } = await said(name, result);
    const states = Object.values(result.arms).reduce((sum, { stateDigests = "" }) => sum + stateDigests.length / 8, 0);
    expect(text).toMatch(new RegExp(`^✓ The same digests as the recorded run: all ${states} states, in [\\d.]+ s\\.$`));
    expect(lines).toEqual(Object.keys(result.arms).map((arm) => `${arm}  ✓`));
    expect(complaints).toEqual([]);
  });

  test("says where a run that is not the recorded one parts", async () => {
    const { result } = await run({ ...small, ...he });
    const other = structuredClone(result);
    const bn = ownEntry(other.arms, "bn");
    if (bn?.stateDigests === undefined) throw new Error("no digests");
    bn.stateDigests = `${bn.stateDigests.slice(0, 7 * 8)}00000000${bn.stateDigests.slice(8 * 8)}`;
    expect(await said("another digest", other)).toMatchObject({
      text: "✗ bn differs from the recorded run from update 7 on.",
      lines: ["plain  ✓", "bn  ✗"],
    });
    const rate = structuredClone(result);
    rate.config.learningRate *= 2;
    expect((await said("another rate", rate)).text).toBe(
      "✗ plain differs from the recorded run from update 1 on; bn differs from the recorded run from update 1 on.",
    );
  });

  test("is whole without JavaScript, without workers and without WebAssembly", async () => {
    const { result } = await run({ ...small, ...he });
    const file = folder.write("plain", await renderReport(result));
    const without = await open(browser, file, { javaScriptEnabled: false });
    expect(await without.page.locator("#lab button").count()).toBe(0);
    expect(await without.page.locator("#lab p").textContent()).toContain(
      "with JavaScript it trains the same nets here",
    );
    await without.page.context().close();
    for (const name of ["Worker", "WebAssembly"]) {
      const context = await browser.newContext();
      await context.addInitScript((global) => Reflect.deleteProperty(globalThis, global), name);
      const page = await context.newPage();
      await page.goto(`file://${file}`);
      await page.locator(".bar button").first().waitFor();
      expect(await page.locator("#lab button").count()).toBe(0);
      await context.close();
    }
  });
});
