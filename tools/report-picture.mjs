// Writes docs/images/report.png, the README's picture: the top of a report in Chromium, as a reader sees it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const COMMAND = ["run", "--activation", "tanh", "--epochs", "250", "--quiet"];
const VIEWPORT = { width: 1280, height: 800 };

const root = fileURLToPath(new URL("..", import.meta.url));
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
  console.error(`no Chromium at ${executablePath}; install it or set CHROMIUM_PATH`);
  process.exit(4);
}
const place = mkdtempSync(join(tmpdir(), "bn-compare-picture-"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const folder = join(place, "run");
  execFileSync(process.execPath, [join(root, "dist/main.js"), ...COMMAND, "--out", folder], { stdio: "ignore" });
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: "light", reducedMotion: "reduce" });
  await page.goto(`${pathToFileURL(join(folder, "report.html")).href}#update=250`);
  await page.locator("#stage .of-layers [class*=outlines] path").first().waitFor();
  await page.screenshot({ path: join(root, "docs/images/report.png") });
} finally {
  await browser.close();
  rmSync(place, { recursive: true, force: true });
}
