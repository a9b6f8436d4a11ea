import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The package as npm packs and unpacks it. */
let folder: string;
let paths: readonly string[];
beforeAll(() => {
  const place = mkdtempSync(join(tmpdir(), "bn-compare-package-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  // dist is there already: what is packed is what the other tests use.
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", place];
  execFileSync("npm", pack, { cwd: root, shell: process.platform === "win32" });
  const [tarball] = readdirSync(place) as [string];
  execFileSync("tar", ["-xzf", join(place, tarball), "-C", place]);
  folder = join(place, "package");
  paths = (readdirSync(folder, { recursive: true }) as string[]).map((path) => path.replaceAll("\\", "/")).sort();
});
afterAll(() => rmSync(dirname(folder), { recursive: true, force: true }));

/** Targets of links and pictures, in Markdown and in HTML within it; code, which holds what looks like links, is left out. */
function linksIn(markdown: string): string[] {
  const text = markdown.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "code");
  const found = [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s>]+)>?(?:[ \t]+"[^"\n]*")?[ \t]*$/gm),
    ...text.matchAll(/\b(?:src|href)="([^"]+)"/g),
  ];
  return found.map((match) => match[1] as string);
}

test("every relative link in the packed documents leads to something in the package", () => {
  const documents = paths.filter((path) => path.endsWith(".md"));
  expect(documents).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "docs/ci.md", "docs/gallery.md"]));
  const links = documents.flatMap((document) =>
    linksIn(readFileSync(join(folder, document), "utf8"))
      .filter((link) => !/^[a-z][a-z+.-]*:|^#/i.test(link))
      .map((link) => ({ document, link, target: decodeURI(link.replace(/[#?].*$/, "")) })),
  );
  // The README's pictures and pages at least: a pattern that finds none would find no dead one either.
  expect(links.length).toBeGreaterThan(15);
  const dead = links.filter(({ document, target }) => {
    const path = posix.join(posix.dirname(document), target);
    return path.startsWith("..") || !existsSync(join(folder, path));
  });
  expect(dead.map(({ document, link }) => `${document}: ${link}`)).toEqual([]);
});

test("links are found in every form", () => {
  const markdown =
    '[a](x.md) ![b](p.svg "title") [c]( <y.md> )\n[d]: ref.md\n<img src="i.png">\n`[no](code)`\n```\n[no](fence)\n```\n';
  expect(linksIn(markdown)).toEqual(["x.md", "p.svg", "y.md", "ref.md", "i.png"]);
});

test("nothing is packed that only the repository needs", () => {
  const needless = /^experiments\/.*\/baseline|\.map$|^(src|test|bench|tools|node_modules)\/|(^|\/)\./;
  expect(paths.filter((path) => needless.test(path))).toEqual([]);
});
