import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, removeFolder, unpackedIn } from "../api/packed.js";

/** The package as npm packs and unpacks it. */
let folder: string;
let paths: readonly string[];
beforeAll(() => {
  folder = unpackedIn(makeFolder());
  paths = (readdirSync(folder, { recursive: true }) as string[]).map((path) => path.replaceAll("\\", "/")).sort();
});
afterAll(() => removeFolder(dirname(folder)));

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

test("the package is small: what is packed is under 1.5 MB", () => {
  const [tarball = ""] = readdirSync(dirname(folder)).filter((name) => name.endsWith(".tgz"));
  expect(statSync(join(dirname(folder), tarball)).size).toBeLessThan(1.5e6);
});

test("nothing is packed that only the repository needs", () => {
  const needless = /^experiments\/.*\/baseline|\.map$|^(src|test|bench|build|tools|node_modules)\/|(^|\/)\./;
  expect(paths.filter((path) => needless.test(path))).toEqual([]);
});
