import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KeyName, keyNames, keyOf } from "../../src/config/keys.js";
import { ACTIVATION_NUMBERS } from "../../src/engines/kernel-module.js";
import { initializers } from "../../src/model/initializers.js";
import { normalizers } from "../../src/model/normalizers/index.js";
import { optimizers } from "../../src/model/optimizers/index.js";
import { LESSON } from "../../src/playground/lesson.js";
import { PRESETS } from "../../src/playground/presets.js";
import { readCommand, statedOf, wordsOf } from "../../src/playground/state.js";
import { playgroundPage } from "../../src/report/assets.js";
import { bnCompareProcess, emptyFolder } from "../cli/command.js";
import { faults } from "../report/axe.js";
import { launch, missing, open, reason } from "../report/chromium.js";
import { pageFolder } from "../report/pages.js";

const PAGE = playgroundPage();

const SMALL = "--hidden-layers 2 --width 12 --samples 60 --updates 30";

/** Between them, they use all that the engine has and a flag can ask for. */
const LINES = [
  "run",
  "run --activation tanh --updates 60 --normalizer dyt",
  `run ${SMALL} --init glorot --activation sigmoid --batch-size 7 --shuffle --test-samples 9 --noise 2 --seed 5`,
  `run ${SMALL} --init he --activation leaky-relu --standardize-inputs --standardize-targets --normalize hidden`,
  `run ${SMALL} --init lecun --activation elu --dataset gaussian --inputs 3 --noise 0.1 --normalizer layer`,
  `run ${SMALL} --init he --activation gelu --batch-size 20 --accumulate 2 --ghost-batch-size 5 --normalize input`,
  `run ${SMALL} --init he --activation silu --normalizer 'group 4' --optimizer adam --beta1 0.8 --beta2 0.9`,
  `run ${SMALL} --init he --activation softplus --normalizer weight --optimizer momentum --momentum 0.5`,
  `run ${SMALL} --activation selu --normalizer renorm --renorm-max 2 --renorm-shift 1 --batch-size 15`,
  `run ${SMALL} --activation identity --transform center --no-affine --position after --frozen-from 9 --debias`,
  `run ${SMALL} --init he --transform scale --decay 0.9 --epsilon 0.1 --weight-decay 0.01 --decay-norms --normalize-output`,
  `run --preset tutorial-minibatch --normalizer rms --init-std 0.3 --bias 0.2 --bias-std 0.1 --learning-rate 0.002`,
];

function settingsOf(line: string) {
  const reading = readCommand(line);
  if ("problems" in reading) throw new Error(`${line}: ${reading.problems.join("\n")}`);
  return reading.state.settings;
}

test("the lines below use every choice of the engine, and every flag of the page's", () => {
  const all = LINES.map(settingsOf);
  const used = (key: KeyName) => new Set(all.map((settings) => String(settings[key]).split(" ")[0]));
  expect([...Object.keys(ACTIVATION_NUMBERS)].filter((name) => !used("activation").has(name))).toEqual([]);
  expect(Object.keys(initializers).filter((name) => !used("init").has(name))).toEqual([]);
  expect(Object.keys(optimizers).filter((name) => !used("optimizer").has(name) && name !== "sgd")).toEqual([]);
  const dense = Object.entries(normalizers).filter(([name, each]) => name !== "batch" && !("imagesOnly" in each));
  expect(dense.map(([name]) => name).filter((name) => !used("normalizer").has(name))).toEqual([]);
  const stated = new Set(all.flatMap((settings) => Object.keys(statedOf(settings))));
  const groups = ["Data", "Network", "Batch normalization", "Training"];
  const files = ["data", "testData", "target", "columns", "delimiter", "weights", "epochs", "layers", "loss", "axes"];
  expect(
    keyNames.filter((key) => groups.includes(keyOf(key).group) && !stated.has(key) && !files.includes(key)),
  ).toEqual([]);
  expect(LINES).toHaveLength(12);
});

describe.skipIf(missing)(`the playground${reason}`, () => {
  let browser: Browser;
  const folder = pageFolder();
  const file = folder.write("playground", PAGE);

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  /** The page, and what it complained of; a worker's script is an object of the page itself. */
  async function opened(options: BrowserContextOptions = {}, fragment = "") {
    const { page, complaints } = await open(browser, file, options);
    if (fragment !== "") {
      await page.goto("about:blank");
      await page.goto(`file://${file}#${fragment}`);
      complaints.splice(0);
    }
    return { page, complaints: () => complaints.filter((each) => !each.startsWith("request: blob:")) };
  }

  const paste = async (page: Page, line: string) => {
    await page.getByLabel("command line").fill(line);
    await page.keyboard.press("Enter");
  };
  const commandIn = (page: Page) => page.getByLabel("command line").inputValue();
  const problemsIn = (page: Page) => page.locator("ul.problems li").allTextContents();
  const updateIn = (page: Page) => page.locator("output").textContent();
  const statusIn = (page: Page) => page.locator(".status").textContent();

  /** What the page says of the run that its own command makes. */
  async function compared(page: Page, cwd: string) {
    const words = wordsOf(await commandIn(page)) ?? [];
    const { exitCode, stderr } = await bnCompareProcess(cwd, ...words.slice(1), "--out", "made", "--quiet");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const verdict = page.locator("#compare .verdict");
    await page.getByLabel("result.json of a run").setInputFiles(join(cwd, "made", "result.json"));
    await expect.poll(() => verdict.textContent(), { timeout: 120_000 }).toMatch(/^[✓✗N]/);
    return verdict.textContent();
  }

  test.each(LINES)("has the digests of the command that it gives: %s", async (line) => {
    const { page, complaints } = await opened();
    await paste(page, line);
    expect(await problemsIn(page)).toEqual([]);
    expect(await compared(page, emptyFolder())).toMatch(/^✓ The same digests as the run: all \d+ states\.$/);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  test("says where a run that is not the page's parts", async () => {
    const { page } = await opened();
    await paste(page, `run ${SMALL}`);
    const cwd = emptyFolder();
    await compared(page, cwd);
    await paste(page, `run ${SMALL} --learning-rate 0.002`);
    await page.getByLabel("result.json of a run").setInputFiles([]);
    await page.getByLabel("result.json of a run").setInputFiles(join(cwd, "made", "result.json"));
    const verdict = page.locator("#compare .verdict");
    await expect.poll(() => verdict.textContent()).toContain("differs from the recorded run from update 1 on");
    writeFileSync(join(cwd, "other.json"), '{"arms": 1}');
    await page.getByLabel("result.json of a run").setInputFiles(join(cwd, "other.json"));
    await expect.poll(() => verdict.textContent()).toContain("this is not the result.json of a run");
    await page.context().close();
  });

  test("trains points of one's own, and the command has the same digests with the file that it offers", async () => {
    const { page, complaints } = await opened();
    await page.getByLabel("points as CSV").fill("x;y\n0;1.25\n1;2\n2.5;0.1\n4;-1e-3");
    await page.getByRole("button", { name: "Use these points" }).click();
    await paste(page, `${await commandIn(page)} --hidden-layers 2 --width 8 --updates 20`);
    expect(await problemsIn(page)).toEqual([]);
    const cwd = emptyFolder();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save points.csv" }).click();
    await (await download).saveAs(join(cwd, (await download).suggestedFilename()));
    expect(await commandIn(page)).toContain("--data points.csv");
    expect(await compared(page, cwd)).toMatch(/^✓/);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  test("takes points that are drawn with the pointer and with keys", async () => {
    const { page, complaints } = await opened();
    await paste(page, `run ${SMALL}`);
    await page.getByRole("button", { name: "Draw points" }).click();
    const canvas = page.locator("#fit canvas");
    const { x, y, width, height } = (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width * 0.3, y + height * 0.6);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.8, y + height * 0.3, { steps: 12 });
    await page.mouse.up();
    const rows = async () => (await page.getByLabel("points as CSV").inputValue()).trim().split("\n").length - 1;
    const drawn = await rows();
    expect(drawn).toBeGreaterThan(8);
    await canvas.focus();
    for (const key of ["ArrowLeft", "ArrowUp", "Enter", "ArrowLeft", "Enter", "Delete"]) await page.keyboard.press(key);
    expect(await rows()).toBe(drawn + 1);
    await page.getByRole("button", { name: "Draw points" }).click();
    await page.getByRole("button", { name: "Back to generated points" }).click();
    expect(await commandIn(page)).not.toContain("--data");
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  test("plays, steps and rewinds by keys, and keeps the update when a setting is changed", async () => {
    const { page, complaints } = await opened();
    await paste(page, `run ${SMALL}`);
    await page.locator("h1").click();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => updateIn(page)).toBe("update 2 of 30");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => updateIn(page)).toBe("update 1 of 30");
    await page.keyboard.press("Space");
    await expect.poll(() => updateIn(page)).toBe("update 30 of 30");
    const status = await statusIn(page);
    await page.keyboard.press("Home");
    await expect.poll(() => statusIn(page)).not.toBe(status);
    await page.keyboard.press("End");
    await expect.poll(() => statusIn(page)).toBe(status);
    await page.locator("#knobs select").first().selectOption("tanh");
    await expect.poll(() => statusIn(page)).not.toBe(status);
    await expect.poll(() => updateIn(page)).toBe("update 30 of 30");
    expect(await commandIn(page)).toContain("--activation tanh");
    await expect.poll(() => page.url()).toContain("activation=tanh");
    await page.reload();
    expect(await commandIn(page)).toContain("--activation tanh");
    expect(complaints().filter((each) => !each.startsWith("request: file:"))).toEqual([]);
    await page.context().close();
  });

  test("changes the learning rate while it trains, and says that the command does not", async () => {
    const { page } = await opened();
    await paste(page, `run ${SMALL}`);
    await page.locator("h1").click();
    for (let update = 1; update <= 10; update++) {
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => updateIn(page)).toBe(`update ${update} of 30`);
    }
    const before = await statusIn(page);
    await page.getByRole("textbox", { name: "learning rate" }).fill("0.0001");
    await page.keyboard.press("Enter");
    expect(await statusIn(page)).toBe(before);
    expect(await page.locator("#command .notes").textContent()).toContain("changed to 1e-4 at update 10");
    expect(await commandIn(page)).not.toContain("--learning-rate");
    await page.keyboard.press("End");
    await page.context().close();
  });

  const HOSTILE = "<img src=x onerror=alert(1)>";

  test.each([
    ["a choice", `activation=${encodeURIComponent(HOSTILE)}`, HOSTILE],
    ["a flag", `${encodeURIComponent(HOSTILE)}=1`, HOSTILE],
    ["points", `data=a.csv&points=${encodeURIComponent(`1,2\n3,${HOSTILE}`)}`, HOSTILE],
    ["a long cell", `data=a.csv&points=${"9".repeat(50_000)}`, "the points"],
    ["a net too large", "hidden-layers=1000&width=4096", "--hidden-layers"],
    ["too many updates", "updates=10000000", "updates"],
    ["names of objects", "__proto__=1&constructor=2&toString=3", "--__proto__"],
    ["broken escapes", "%E0%A4%A=%", "--"],
  ])("shows a hostile address as text and stays whole: %s", async (_name, fragment, shown) => {
    const { page, complaints } = await opened({}, fragment);
    expect((await problemsIn(page)).join("\n")).toContain(shown);
    expect(await page.locator("img").count()).toBe(0);
    await page.locator("h1").click();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => updateIn(page)).toBe("update 1 of 250");
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  test("shows hostile points as text", async () => {
    const { page, complaints } = await opened();
    await page.getByLabel("points as CSV").fill(`x,${HOSTILE}\n1,2\n3,${HOSTILE}`);
    await page.getByRole("button", { name: "Use these points" }).click();
    expect((await problemsIn(page)).join()).toContain(HOSTILE);
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  test("says so where nothing can be trained, once", async () => {
    for (const name of ["Worker", "WebAssembly"]) {
      const context = await browser.newContext();
      const lacking = `delete globalThis.${name};`;
      await context.addInitScript(lacking);
      // A worker has a world of its own.
      await context.addInitScript(`{
        const { Blob } = globalThis;
        globalThis.Blob = class extends Blob {
          constructor(parts, options) { super(["${lacking}", ...parts], options); }
        };
      }`);
      const page = await context.newPage();
      await page.goto(`file://${file}`);
      await expect.poll(() => problemsIn(page)).toEqual([`not trained: ${name} is not defined`]);
      await page.evaluate(() => document.querySelector("ul.problems")?.replaceChildren());
      await page.locator(".step").click();
      await page.waitForTimeout(300);
      expect(await problemsIn(page)).toEqual([]);
      await context.close();
    }
  });

  test("has every preset, and copies its command", async () => {
    const { page, complaints } = await opened({ permissions: ["clipboard-read", "clipboard-write"] });
    for (const { name, line, comment } of PRESETS) {
      await page.getByRole("button", { name, exact: true }).click();
      expect(await commandIn(page)).toBe(line);
      expect(await page.locator("#presets .comment").textContent()).toBe(comment);
      await page.getByRole("button", { name: "Copy command" }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(line);
    }
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  test("teaches six steps by keys alone", async () => {
    const { page, complaints } = await opened({ viewport: { width: 360, height: 740 } });
    await page.locator("#lesson summary").focus();
    await page.keyboard.press("Enter");
    for (const [at, { title, options }] of LESSON.entries()) {
      await expect.poll(() => page.locator("#lesson h2").textContent()).toBe(`${at + 1} of 6: ${title}`);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const says = page.locator("#lesson [role=status]");
      await expect.poll(() => says.textContent(), { timeout: 60_000 }).toMatch(/^(As|Not as) you predicted: /);
      const truth = /predicted: ([^.]+)\./.exec((await says.textContent()) ?? "")?.[1] ?? "";
      expect(options).toContain(truth);
      if (at === LESSON.length - 1) break;
      await page.getByRole("button", { name: "Next" }).focus();
      await page.keyboard.press("Enter");
    }
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  test.each([
    [360, 740],
    [1280, 800],
    [1920, 1080],
  ])("fits %i × %i px, light and dark, without a fault of axe", async (width, height) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints } = await opened({ viewport: { width, height }, colorScheme });
      await page.locator("#lesson summary").click();
      await page.locator("#knobs summary").click();
      await page.getByRole("button", { name: "Tutorial" }).click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await faults(page)).toEqual([]);
      expect(complaints()).toEqual([]);
      await page.context().close();
    }
  });

  test("is one file below 900 kB that says without JavaScript what is missing", async () => {
    expect(Buffer.byteLength(PAGE)).toBeLessThan(900_000);
    const { page } = await opened({ javaScriptEnabled: false });
    expect(await page.locator("noscript").textContent()).toContain("enable it");
    await page.context().close();
  });
});
