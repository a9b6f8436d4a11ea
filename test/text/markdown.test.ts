import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { visible } from "../../src/text/excerpt.js";
import { type Markdown, markdown, markdownTable } from "../../src/text/markdown.js";
import { hostile } from "./hostile.js";

/** As GitHub renders it, but for what it links afterwards. */
const htmlOf = ({ text }: Markdown) =>
  micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

const tagsOf = (html: string) => html.match(/<[^>]*>/g);

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };
/** What a reader sees of it, without the marks that take links apart. */
const seen = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll("\u200b", "");

/** GitHub links these in what is rendered already, outside of code. */
const LINKED = /(?:^|[^\w`])@\w|#\d|GH-\d|:\/\/|www\./i;

describe("a name in Markdown", () => {
  test.each<[string, string, string]>([
    ["is no HTML", "<b>&amp;", "&lt;b&gt;&amp;amp;"],
    ["is no picture or link", "![i](u) [l](u)", "!\\[i\\](u) \\[l\\](u)"],
    ["is not emphasized", "*a* _b_ snake_case", "\\*a\\* \\_b\\_ snake_case"],
    ["is no code, in which entities would be letters", "`<b>`", "\\`&lt;b&gt;\\`"],
    ["ends no table cell and no line", "a|b\nc", "a\\|b c"],
    ["links nothing", "http://a www.b @c #1 GH-2", "http:&#8203;// www&#8203;.b @&#8203;c \\#&#8203;1 GH-&#8203;2"],
    ["is no formula", "$x$", "&#36;x&#36;"],
  ])("%s", (_, name, expected) => {
    expect(markdown`x ${name}`.text.replace("//a", "//")).toBe(`x ${expected}`);
  });

  test.each([
    "- x",
    "+ x",
    "=",
    "---",
    "1. x",
    "12) x",
    "# x",
    "> x",
    "~~~",
    "```",
    "    x",
    "[x]: y",
    "| x |",
    "***",
    "___",
  ])("begins no block: %s", (name) => {
    expect(tagsOf(htmlOf(markdown`${name}`))).toEqual(["<p>", "</p>"]);
    expect(tagsOf(htmlOf(markdown`- ${name}`))?.filter((tag) => tag !== "<p>")).toEqual([
      "<ul>",
      "<li>",
      "</li>",
      "</ul>",
    ]);
    expect(tagsOf(htmlOf(markdown`x\n${name}`))).toEqual(["<p>", "</p>"]);
  });

  const places: Readonly<Record<string, (name: string) => Markdown>> = {
    heading: (name) => markdown`## ✅ ${name}: PASS`,
    "end of a heading": (name) => markdown`# x ${name}`,
    paragraph: (name) => markdown`${name}`,
    "second line": (name) => markdown`x\n${name}`,
    "bold text": (name) => markdown`**a ${name} b**`,
    list: (name) => markdown.joined([markdown`- ${name}`, markdown`- x ${name}`], "\n"),
    code: (name) => markdown`Files: <code>${name}</code>`,
    table: (name) => markdownTable({ head: ["arm", name], rows: [[name, "1"]], left: 1 }),
    "two in a row": (name) => markdown`x ${name}${name}`,
  };

  test.each(Object.entries(places))("is the same text in every reader's eyes, and nothing else: %s", (_, place) => {
    const benign = tagsOf(htmlOf(place("name")));
    fc.assert(
      fc.property(hostile, (name) => {
        // Spaces at an end are no text, and a name of nothing else leaves a place empty.
        const word = visible(name).replace(/ +/g, " ").trim();
        fc.pre(word !== "");
        const html = htmlOf(place(name));
        expect(tagsOf(html)).toEqual(benign);
        expect(seen(html).replace(/\s+/g, " ")).toContain(word.replace(/\s+/g, " ").replaceAll("\u200b", "").trim());
        expect(html.replace(/<code>.*?<\/code>/g, "")).not.toMatch(LINKED);
      }),
      { examples: [["1."], ["#"], ["x #"], ["\\"], ["a\\"], ["&#64;"], ["`"], ["_a_"], ["www.www."]] },
    );
  });
});
