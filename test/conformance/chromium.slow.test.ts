import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfiguration } from "../../src/config/load.js";
import { float32Digest } from "../../src/data/digest.js";
import type { ArmTask } from "../../src/engines/engine.js";
import { loadFusedEngine } from "../../src/engines/fused-node.js";
import { prepareExperiment } from "../../src/experiment/prepare.js";
import { initialTensors } from "../../src/model/initializers.js";
import { makeFolder, removeFolder, unpackedIn } from "../api/packed.js";
import { skipReason } from "./runs.js";

const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const reason = skipReason([executablePath], "set CHROMIUM_PATH");
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const QUIET = ["--disable-background-networking", "--disable-component-update"];

const ORIGIN = "https://bn-compare.test";
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };
const UPDATES = 250;

/** The page: the packed engine as it is, and a function that trains an arm and says what its state is then. */
const PAGE = `<!doctype html><script type="module">
import { loadFusedEngine } from "/browser.js";
const engine = await loadFusedEngine();
const floats = (points) => ({ ...points, x: Float32Array.from(points.x), y: Float32Array.from(points.y) });
globalThis.train = ({ spec, tensors, points, batchSize }, updates) => {
  const training = floats(points);
  const initial = { update: 0, tensors: new Map(tensors.map(([name, shape, data]) => [name, { shape, data: Float32Array.from(data) }])) };
  const arm = engine.createArm({ spec, initial, training, evaluation: training, batchSize });
  const stopped = arm.advance(updates);
  return { ...stopped, tensors: [...arm.state().tensors].map(([name, { data }]) => [name, Array.from(data)]) };
};
</script>`;

/** What `train` takes and gives: numbers in plain lists, as they pass into the page and back. */
interface Portable {
  readonly spec: ArmTask["spec"];
  readonly tensors: readonly (readonly [name: string, shape: readonly number[], data: readonly number[]])[];
  readonly points: { samples: number; inputs: number; x: readonly number[]; y: readonly number[] };
  readonly batchSize: number;
}
interface Trained {
  readonly status: string;
  readonly update: number;
  readonly tensors: readonly (readonly [name: string, data: readonly number[]])[];
}
declare const train: (task: Portable, updates: number) => Trained;

describe.skipIf(reason !== undefined)(`in Chromium${reason ?? ""}`, () => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  const served: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = makeFolder();
    const dist = join(unpackedIn(folder), "dist");
    browser = await chromium.launch({ executablePath, args: [...ARGUMENTS, ...QUIET] });
    page = await browser.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    // Answered here: no request leaves the browser, and there is no server.
    await page.route("**/*", async (route) => {
      const { origin, pathname } = new URL(route.request().url());
      const file = join(dist, pathname);
      if (pathname === "/") return await route.fulfill({ contentType: "text/html", body: PAGE });
      served.push(pathname);
      if (origin !== ORIGIN || !existsSync(file)) {
        complaints.push(`asked for ${route.request().url()}`);
        return await route.abort();
      }
      return await route.fulfill({ contentType: TYPES[extname(file)] ?? "", body: readFileSync(file) });
    });
    await page.goto(ORIGIN);
    await page.waitForFunction("globalThis.train !== undefined", undefined, { timeout: 30_000 });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    removeFolder(folder);
  });

  test.each([
    ["bn", "relu", "reached"],
    ["bn", "tanh", "reached"],
    ["plain", "tanh", "reached"],
    ["plain", "relu", "diverged"],
  ] as const)(
    "the tutorial's %s arm with %s ends with the same parameters and moving statistics",
    async (arm, activation, status) => {
      const task = tutorialArm(arm, activation);
      const here = loadFusedEngine().createArm(task);
      const stopped = here.advance(UPDATES);
      const there = await page.evaluate(([portable, updates]) => train(portable, updates), [
        portableTask(task),
        UPDATES,
      ] as const);
      expect(stopped.status).toBe(status);
      expect({ status: there.status, update: there.update }).toEqual(stopped);
      expect(there.tensors.map(([name]) => name)).toEqual([...here.state().tensors.keys()]);
      const digest = float32Digest(...[...here.state().tensors.values()].map(({ data }) => data));
      expect(float32Digest(...there.tensors.map(([, data]) => data))).toBe(digest);
      expect(digest).not.toBe(float32Digest(...[...task.initial.tensors.values()].map(({ data }) => data)));
    },
  );

  test("from the built files alone, without a complaint", () => {
    expect(served).toContain("/kernel/kernel.wasm");
    expect(complaints).toEqual([]);
  });
});

function tutorialArm(arm: string, activation: string): ArmTask {
  const { arms, draw, seeds, batchSize } = prepareExperiment(loadConfiguration(undefined, { activation }));
  const plan = arms[arm];
  if (plan === undefined) throw new Error(`the tutorial has no arm "${arm}"`);
  const { spec } = plan;
  const { dataset, weightsOf } = draw(seeds[0] as number);
  const initial = { update: 0, tensors: initialTensors(weightsOf(plan), spec) };
  return { spec, initial, training: dataset.training, evaluation: dataset.training, batchSize };
}

function portableTask({ spec, initial, training, batchSize }: ArmTask): Portable {
  return {
    spec,
    tensors: [...initial.tensors].map(([name, { shape, data }]) => [name, shape, Array.from(data)] as const),
    points: { ...training, x: Array.from(training.x), y: Array.from(training.y) },
    batchSize,
  };
}
