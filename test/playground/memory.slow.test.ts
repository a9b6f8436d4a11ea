import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { playgroundPage } from "../../src/report/assets.js";
import { launch, missing, open, reason } from "../report/chromium.js";
import { pageFolder } from "../report/pages.js";

/** Minutes of changes, as a class does them; a few dozen changes where it is not set. */
const MINUTES = Number(process.env.PLAYGROUND_MINUTES ?? 0);
const FEW_CHANGES = 90;

/**
 * From the middle third of the changes to the last one, bytes. Without a leak it was 5 to 17 MB, in ten minutes 5 MB; with one
 * net of each change that is never freed 43 to 55 MB over 90 changes.
 */
const MOST_GROWTH = 30e6;

/** What a user turns, in turn; each shows the same update of another net, or goes on from it at another rate. */
const CHANGES: readonly (readonly [knob: string, values: readonly string[]])[] = [
  ["learning rate", ["0.0003", "0.001", "0.003"]],
  ["width", ["10", "30", "60"]],
  ["hidden layers", ["3", "7", "12"]],
  ["noise", ["0", "8", "20"]],
  ["learning rate", ["0.0001", "0.0005", "0.002"]],
  ["batch size", ["10", "full"]],
  ["decay", ["0.5", "0.99"]],
];

/** Bytes that a process has in memory of its own; what it allocated and freed stays with it for a while. */
function residentBytes(pid: number): number {
  const [, kilobytes = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

describe.skipIf(missing || process.platform !== "linux")(`the playground's memory${reason}`, () => {
  let browser: Browser;
  const folder = pageFolder();

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  test("is steady over many changes", { timeout: 60_000 * (MINUTES + 5) }, async () => {
    const { page, complaints } = await open(browser, folder.write("playground", playgroundPage()));
    const system = await browser.newBrowserCDPSession();
    const { processInfo } = await system.send("SystemInfo.getProcessInfo");
    const bytes = () =>
      Math.max(...processInfo.filter(({ type }) => type === "renderer").map(({ id }) => residentBytes(id)));
    await page.locator(".speed").selectOption("300");
    const until = performance.now() + 60_000 * MINUTES;
    const seen: number[] = [];
    for (let change = 0; change < FEW_CHANGES || performance.now() < until; change++) {
      const [knob, values] = CHANGES[change % CHANGES.length] ?? ["width", ["30"]];
      await page.getByRole("textbox", { name: knob, exact: true }).fill(values[change % values.length] ?? "");
      await page.keyboard.press("Enter");
      await page.locator(".play").click();
      await page.waitForTimeout(300);
      seen.push(bytes());
    }
    const third = Math.floor(seen.length / 3);
    const [early, late] = [Math.max(...seen.slice(third, 2 * third)), Math.max(...seen.slice(2 * third))];
    console.log(
      `${seen.length} changes: ${[seen[0], early, late].map((each) => Math.round((each ?? 0) / 1e6)).join(", ")} MB`,
    );
    expect(late - early).toBeLessThan(MOST_GROWTH);
    expect(complaints.filter((each) => !each.startsWith("request: blob:"))).toEqual([]);
  });
});
