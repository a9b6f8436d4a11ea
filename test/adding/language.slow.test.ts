import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Addition, withAdditions } from "./sources.js";

const { messagesOf } = (await import(new URL("../../tools/messages.mjs", import.meta.url).href)) as {
  messagesOf(project: string): string[];
};

const FILE = "src/text/languages/xx.json";

/** English in other letters: whatever still has Latin ones in that language was not translated. */
const language: Addition = {
  what: "a language",
  add(copy) {
    const entries = messagesOf(copy.folder).map((english) => [english, inOtherLetters(english)]);
    copy.write(FILE, JSON.stringify(Object.fromEntries(entries), null, 2));
  },
  touches: [FILE],
  async shows(copy) {
    const run = ["run", "--activation", "relu", "--updates", "20", "--seeds", "3"];
    const english = await copy.command(...run, "--out", "english");
    const other = await copy.commandIn("xx", ...run, "--out", "xx");
    expect([english.exitCode, other.exitCode]).toEqual([0, 0]);
    // A record is of no language.
    expect(copy.read("xx", "result.json")).toBe(copy.read("english", "result.json"));

    expect(latinWords(other.stdout.replace(/^xx.*$/gm, ""))).toEqual([]);
    expect(latinWords(other.stderr)).toEqual([]);
    expect(latinWords(copy.read("xx", "summary.md").replace(/`[^`]*`|\]\([^)]*\)/g, ""))).toEqual([]);
    const pictures = readdirSync(join(copy.folder, "xx")).filter((name) => name.endsWith(".svg"));
    expect(pictures.length).toBeGreaterThan(8);
    for (const name of pictures) expect([name, latinWords(textOf(copy.read("xx", name)))]).toEqual([name, []]);
    const page = copy.read("xx", "report.html");
    expect(page).toContain('<html lang="xx">');
    const hashes = /^[a-f]+$/;
    const seen = latinWords(textOf(page.replace(/<svg[\s\S]*?<\/svg>/g, ""))).filter((word) => !hashes.test(word));
    expect(seen).toEqual([]);

    const help = await copy.commandIn("xx", "check", "--help");
    const names = ["check", "experiment", "tfjs", "reference", "tensorflow", "cpu"];
    expect(latinWords(help.stdout.replace(/--[\w-]+|<[^>]*>|\[[^\]]*\]/g, ""))).toEqual(names);
    const refused = await copy.commandIn("xx", "run", "--epochs", "-1");
    expect([refused.exitCode, latinWords(refused.stderr)]).toEqual([2, ["epochs"]]);
    const unknown = await copy.commandIn("yy", "--help");
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining("BN_COMPARE_LANGUAGE=yy")]);
  },
};

/** In a copy of its own: what other tests add speaks English alone. */
let copy: Awaited<ReturnType<typeof withAdditions>>;
beforeAll(async () => {
  copy = await withAdditions([language]);
});
afterAll(() => copy?.remove());

test("a language is a file, and nothing that people read is English then", async () => {
  expect(copy.touched.get(language.what)).toEqual(language.touches);
  await language.shows(copy.builtFor(language.what));
});

function inOtherLetters(english: string): string {
  const letters = (text: string) =>
    text
      .replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) - 0x61 + 0x430))
      .replace(/[A-Z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) - 0x41 + 0x410));
  return english
    .split(/(\{\w+\}|<[^>]*>|&\w+;)/)
    .map((part, i) => (i % 2 === 0 ? letters(part) : part))
    .join("");
}

/** Names, which are of no language; `bn-compare` among them. */
const NAMES = ["plain", "bn", "BN", "compare", "relu", "normal", "fused", "wasm", "simd", "Infinity"];

function latinWords(text: string): string[] {
  return [...new Set(text.match(/[A-Za-z]{2,}/g))].filter((word) => !NAMES.includes(word));
}

/** What people read of a picture or a page, without names of files and what they would type. */
function textOf(markup: string): string {
  return markup
    .replace(/<(script|style|code|pre|kbd)\b[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]*? (?:aria-label|title|alt|placeholder)="([^"]*)"[^>]*>/g, " $1 ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#?\w+;/g, " ")
    .replace(/\b[\w-]+\.(?:svg|json|csv|md|html|yaml)\b/g, " ");
}
