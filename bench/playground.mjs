// What the playground does on this machine, in Chromium: updates of both nets a second while it draws, the main thread's long
// tasks, and from input to paint. `node bench/playground.mjs [SECONDS]` prints it with the load, without which the times say
// nothing.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) throw new Error(`needs ${executablePath}`);
const page = join(mkdtempSync(join(tmpdir(), "bn-compare-bench-")), "playground.html");
const command = fileURLToPath(new URL("../dist/main.js", import.meta.url));
execFileSync(process.execPath, [command, "playground", "--out", page]);
const seconds = Number(process.argv[2] ?? 10);
/** An input's time is reported once it is painted, ms. */
const UNTIL_REPORTED = 700;

// The viewport is the window's own. An emulated one is higher than what the window shows, and what lies below, here the bar with
// the buttons, is painted only when something above changes.
const args = ["--no-sandbox", "--disable-gpu", "--window-size=1280,987"];
const browser = await chromium.launch({ executablePath, args });
const tab = await (await browser.newContext({ viewport: null })).newPage();
await tab.goto(`file://${page}#updates=100000`);
await tab.waitForFunction(() => document.querySelector(".status")?.textContent !== "");

const session = await tab.context().newCDPSession(tab);
await session.send("Performance.enable");
const metric = async (name) =>
  (await session.send("Performance.getMetrics")).metrics.find((each) => each.name === name).value;
const shownUpdate = async () => Number(/\d+/.exec(await tab.locator("output").textContent())[0]);

/** Counts pictures, long tasks and inputs from now on. */
await tab.evaluate(() => {
  const seen = { pictures: 0, tasks: [], inputs: [] };
  Object.assign(globalThis, { seen });
  const count = () => {
    seen.pictures += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
  });
  new PerformanceObserver((list) => seen.inputs.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "event",
    durationThreshold: 16,
  });
});

/** Without opening the list: an input that waits for its closing would count until the next one. */
async function choose(speed) {
  await tab.locator(".speed").evaluate((list, value) => {
    list.value = value;
    for (const type of ["input", "change"]) list.dispatchEvent(new Event(type, { bubbles: true }));
  }, speed);
}

/** In place: Playwright's own click scrolls the charts out of view. */
async function clickPlay() {
  const { x, y, width, height } = await tab.locator(".play").boundingBox();
  await tab.mouse.click(x + width / 2, y + height / 2);
}

async function measured(name, act) {
  await tab.evaluate(() => Object.assign(globalThis.seen, { pictures: 0, tasks: [], inputs: [] }));
  const [update, script, began] = [await shownUpdate(), await metric("TaskDuration"), performance.now()];
  await act();
  const took = (performance.now() - began) / 1000;
  const [updates, busy] = [(await shownUpdate()) - update, (await metric("TaskDuration")) - script];
  const { pictures } = await tab.evaluate(() => globalThis.seen);
  await tab.waitForTimeout(UNTIL_REPORTED);
  const { tasks, inputs } = await tab.evaluate(() => globalThis.seen);
  const most = (list) => (list.length === 0 ? "none" : `${list.length}, longest ${Math.round(Math.max(...list))} ms`);
  console.log(
    [
      name.padEnd(28),
      `${(updates / took).toFixed(0)} updates/s`,
      `${(pictures / took).toFixed(0)} pictures/s`,
      `main thread ${((busy / took) * 100).toFixed(0)} %`,
      `tasks over 50 ms: ${most(tasks)}`,
      `inputs over 16 ms: ${most(inputs)}`,
    ].join(" · "),
  );
}

console.log(`load ${loadavg()[0].toFixed(1)}, ${seconds} s each, ReLU, 500 points, both nets`);
for (const speed of ["60", "300", "0"]) {
  await choose(speed);
  await measured(speed === "0" ? "as fast as it goes" : `${speed} updates/s`, async () => {
    await clickPlay();
    await tab.waitForTimeout(seconds * 1000);
    await clickPlay();
  });
}
await choose("300");
await clickPlay();
await measured("300/s, rate turned by keys", async () => {
  await tab.getByRole("slider", { name: "learning rate" }).focus();
  for (let press = 0; press < 5 * seconds; press++) {
    await tab.keyboard.press(press % 2 === 0 ? "ArrowLeft" : "ArrowRight");
    await tab.waitForTimeout(200);
  }
});
await browser.close();
