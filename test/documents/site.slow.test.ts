import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { emptyFolder } from "../cli/command.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where a page's links lead that do not leave the site, with their anchors. */
function linksOf(file: string): { target: string; anchor: string }[] {
  const links = [...readFileSync(file, "utf8").matchAll(/<(?:a|img|source)\b[^>]*? (?:href|src|srcset)="([^"]+)"/g)];
  return links.flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = "", anchor = ""] = link.split("#");
    return [{ target: path === "" ? file : resolve(dirname(file), path), anchor }];
  });
}

test("the site has every document, the playground and a live report, and no link that leads nowhere", async () => {
  const site = emptyFolder();
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(root, "tools/site.mjs"), site, "--runs", "^--activation relu$"],
    { reject: false },
  );
  expect([exitCode, stdout, stderr]).toEqual([0, join(site, "index.html"), ""]);
  const pages = readdirSync(site, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html") && !name.startsWith("runs") && name !== "playground.html")
    .map((name) => join(site, name));
  for (const document of readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"))) {
    expect(pages).toContain(join(site, "docs", document.replace("README", "index").replace(/md$/, "html")));
  }
  const links = pages.flatMap(linksOf);
  expect(links.length).toBeGreaterThan(200);
  expect(links.filter(({ target }) => !existsSync(target) || !target.startsWith(site))).toEqual([]);
  const isMissing = ({ target, anchor }: { target: string; anchor: string }) =>
    anchor !== "" && pages.includes(target) && !readFileSync(target, "utf8").includes(` id="${anchor}"`);
  expect(links.filter(isMissing)).toEqual([]);
  const gallery = readFileSync(join(site, "docs/gallery.html"), "utf8");
  expect(gallery).toContain('<a href="../runs/activation-relu/report.html">Its report, live</a>');
  expect(gallery).toContain('<a href="../playground.html#activation=relu">Turn its settings</a>');
  expect(readFileSync(join(site, "runs/activation-relu/report.html"), "utf8")).toContain('id="lab-kernel"');
  expect(readFileSync(join(site, "playground.html"), "utf8")).toContain('id="kernel"');
}, 300_000);
