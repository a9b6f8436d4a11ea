import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { unpacked } from "../../src/report/payload.js";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
// Where the suite is the judge, a missing browser is a failure and not a reason to skip.
export const missing = !existsSync(executablePath) && process.env.CI !== "true";
export const reason = missing ? ` (skipped: no Chromium at ${executablePath}; set CHROMIUM_PATH)` : "";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const QUIET = ["--disable-background-networking", "--disable-component-update"];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...QUIET] });
}

/** How long a page has to bring its charts to life, ms. */
const PATIENCE = 60_000;

/** A page that shows a document, and everything that it had to say or asked the network for. */
export interface Shown {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a file and scrolls through it, so that every chart has come to life. */
export async function show(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Shown> {
  const shown = await open(browser, file, options);
  // What is folded is looked at too.
  await shown.page.evaluate(() => {
    for (const folded of document.querySelectorAll<HTMLDetailsElement>("details:has(.canvas)")) folded.open = true;
  });
  if (options.javaScriptEnabled !== false) await wakeAll(shown.page);
  return shown;
}

/** Opens a file. */
export async function open(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Shown> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    // Else the page begins to play by itself.
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== `file://${file}`) complaints.push(`request: ${request.url().slice(0, 80)}`);
  });
  await page.goto(`file://${file}`);
  return { page, complaints };
}

/** Scrolls through the page until every chart of it has come to life: on a busy machine one may be passed too soon. */
async function wakeAll(page: Page): Promise<void> {
  const text = await page.evaluate(() => document.getElementById("payload")?.textContent ?? "");
  const { charts, stages } = text === "" ? { charts: {}, stages: {} } : unpacked(text);
  const all = Object.keys(charts).length + Object.keys(stages).length;
  const alive = () => page.evaluate(() => document.querySelectorAll('[role="application"] svg').length);
  // Charts that come to life may be taller than those in whose place they stand.
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const end = performance.now() + PATIENCE;
  do {
    for (let y = 0; y < (await height()); y += 700) {
      await page.evaluate((top) => scrollTo(0, top), y);
      await page.waitForTimeout(40);
    }
  } while ((await alive()) !== all && performance.now() < end);
  if ((await alive()) !== all) throw new Error(`${await alive()} of ${all} charts came to life`);
  await page.evaluate(() => scrollTo(0, 0));
}

interface Box {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Texts of one chart that lie over each other or leave it. */
export async function misplacedTexts(page: Page): Promise<string[]> {
  const charts = await page.evaluate(() =>
    [...document.querySelectorAll(".chart svg")].map((svg) => {
      const boxOf = (element: Element): Box => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return { text: element.textContent ?? "", left, top, right, bottom };
      };
      const texts = [...svg.querySelectorAll("text")].filter(
        (element) => element.textContent !== "" && getComputedStyle(element).opacity !== "0",
      );
      return { svg: boxOf(svg), texts: texts.map(boxOf).filter(({ left, right }) => right > left) };
    }),
  );
  return charts.flatMap(({ svg, texts }) => [...outside(svg, texts), ...overlaps(texts)]);
}

function outside(svg: Box, texts: readonly Box[]): string[] {
  return texts
    .filter(({ left, right, top, bottom }) => {
      const slack = 1;
      return (
        left < svg.left - slack || right > svg.right + slack || top < svg.top - slack || bottom > svg.bottom + slack
      );
    })
    .map(({ text }) => `outside: ${text}`);
}

/** Pairs that share more than a line's own leading, px. */
function overlaps(texts: readonly Box[], slack = 2): string[] {
  return texts.flatMap((one, index) =>
    texts.slice(index + 1).flatMap((other) => {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      return across > slack && down > slack ? [`${one.text} | ${other.text}`] : [];
    }),
  );
}
