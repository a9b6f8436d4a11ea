import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BLOCKS, blocksOf, regenerated } from "./generated-blocks.js";

const docs = new URL("../../docs/", import.meta.url);
const pages = readdirSync(docs).filter((file) => file.endsWith(".md"));
const read = (page: string) => readFileSync(new URL(page, docs), "utf8");

// `npm run docs` writes the blocks again after a change of the code.
describe("the generated tables of docs/", () => {
  test.each(pages.filter((page) => blocksOf(read(page)).length > 0))("%s is as the code says", async (page) => {
    await expect(regenerated(read(page))).toMatchFileSnapshot(new URL(page, docs).pathname);
  });

  test("are all on a page, each once", () => {
    expect(pages.flatMap((page) => blocksOf(read(page))).sort()).toEqual(Object.keys(BLOCKS).sort());
  });
});

test("a block that the code does not know is an error", () => {
  expect(() => regenerated("<!-- generated: tables of ours -->\n<!-- end -->\n")).toThrow(
    "no block is called tables of ours",
  );
});

test("every page is in the index, and the index leads to nothing else", () => {
  const linked = [...read("README.md").matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, page]) => page);
  expect(linked.sort()).toEqual(pages.filter((page) => page !== "README.md").sort());
});

test("the README is what a stranger reads in three minutes", () => {
  expect(readFileSync(new URL("../README.md", docs)).byteLength).toBeLessThanOrEqual(8192);
});
