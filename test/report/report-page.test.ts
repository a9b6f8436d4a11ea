import { describe, expect, test } from "vitest";
import { headlineOf } from "../../src/report/headline.js";
import { sentenceOf } from "../../src/text/findings.js";
import { html } from "../../src/text/html.js";
import { FEW } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";
import { between, describePages } from "./page-rules.js";
import { comparisonOf, reportOf } from "./pages.js";

describePages(FEW);

test("the report tells its story in order, and leaves out what a run has not", async () => {
  const titles = async (result: Parameters<typeof reportOf>[0]) =>
    [...(await reportOf(result)).matchAll(/<section[^>]* id="([^"]+)"/g)].map(([, id]) => id);
  expect(await titles(makeResult({ seeds: 4, probe: 2 }))).toEqual([
    "why",
    "values",
    "layers",
    "gradients",
    "fits",
    "costs",
    "verdicts",
    "gap",
    "seeds",
    "measured",
  ]);
  expect(await titles(makeResult())).not.toContain("seeds");
  // What many arms change comes first.
  const many = await titles(makeResult({ arms: { plain: {}, bn: { normalized: true }, he: { own: { init: "he" } } } }));
  expect(many[0]).toBe("effects");
});

test("the report says what came of it, also in numbers, and what every chart shows", async () => {
  const result = makeResult({ plainDivergesAt: 1 });
  const page = await reportOf(result);
  expect(page.includes(`<p class="lead">${html`${headlineOf(result)}`.text}</p>`)).toBe(true);
  expect(page.includes(html`${sentenceOf(result)}`.text)).toBe(true);
  const figures = page.split('<figure class="chart"').slice(1);
  expect(figures).toHaveLength(8);
  // Said in front of a picture, or in its caption: the lead and the four steps, verdicts and gap; costs and what the layers receive.
  expect(page.match(/<p class="says"/g)).toHaveLength(7);
  expect(page.match(/<p class="here/g)).toHaveLength(2);
  for (const figure of figures) {
    expect(between(figure, '<details class="how">', "</details>").match(/<p>/g)).toHaveLength(1);
  }
});

describe("titles and gaps ask the normalizer", () => {
  const page = (normalizer?: string) =>
    reportOf(
      makeResult({
        arms: {
          plain: {},
          other: { own: normalizer === undefined ? { init: "he" } : { normalize: "hidden", normalizer } },
        },
      }),
    );

  test("of another one", async () => {
    const layer = await page("layer");
    expect(layer).toContain("<h1>Layer normalization compared: tanh</h1>");
    expect(layer).toContain(
      "There is no gap: layer normalization takes its statistics from each sample itself, in training and in prediction alike",
    );
    expect(await page("dyt")).toContain("There is no gap: dynamic tanh uses no statistics");
    expect(layer).toMatch(/<dt>layer normalization<\/dt><dd>[^<]*statistics of a sample over its units \(Ba, Kiros/);
    expect(layer).not.toMatch(/batch normalization|moving averages, /);
    expect(await page("weight")).toContain("There is no gap: weight normalization rescales the weights");
  });

  test("of some without a gap beside one with", async () => {
    const arms = {
      plain: {},
      bn: { normalized: true },
      ln: { own: { normalize: "hidden", normalizer: "layer" } },
      dyt: { own: { normalize: "hidden", normalizer: "dyt" } },
    };
    const [mixed, pair] = [await reportOf(makeResult({ arms })), await reportOf(makeResult())];
    expect(mixed).toContain(
      "ln and dyt have no gap: layer normalization takes its statistics from each sample itself and dynamic tanh uses no statistics, in training and in prediction alike",
    );
    expect(pair).not.toContain("no gap:");
  });

  test("of none", async () => {
    const none = await page();
    expect(none).toContain("<h1>Networks compared: tanh</h1>");
    expect(none).toContain("There is no gap: a net without normalization computes the same");
  });
});

describe("hostile content", () => {
  const evil = `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202e<!--${"W".repeat(10_000)}`;
  const result = makeResult({
    config: { activation: evil, init: evil, preset: evil, backend: evil },
    arms: { [evil]: {}, [`${evil}2`]: { normalized: true } },
    seeds: 2,
  });
  result.engine.name = evil;
  result.engine.version["bn-compare"] = evil;
  result.warnings.push({ code: "inference-gap", arm: evil, value: 1, limit: 0.1, train: 1, inference: 2 });
  result.warnings.push({ code: "constant-column", column: evil, value: 1 });

  test.each(["report", "comparison"])("stays text in a %s", async (kind) => {
    const page = kind === "report" ? await reportOf(result) : await comparisonOf({ [evil]: result, b: makeResult() });
    expect(page.includes("<img")).toBe(false);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.includes("\u202e")).toBe(false);
    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
  });
});

describe("html", () => {
  test("writes text as text and markup as markup", () => {
    expect(html`<p title="${`"'<&>`}">${["a<b", 7, undefined, html`<b>${"&"}</b>`]}</p>`.text).toBe(
      '<p title="&quot;&#39;&lt;&amp;&gt;">a&lt;b7<b>&amp;</b></p>',
    );
  });

  test("drops marks of direction and names what no document may hold", () => {
    expect(html`${"a\u202eb\u2066c\u0000d\ud800e"}`.text).toBe("abc\ufffdd\ufffde");
  });
});

test("a comparison shows what differs, how the runs ended, and all runs' charts", async () => {
  const page = await comparisonOf({
    a: makeResult({ seeds: 3 }),
    b: makeResult({ seeds: 3, plainDivergesAt: 1, config: { activation: "relu", decay: 0.99 } }),
  });
  expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
  const rows = (caption: string) =>
    [...between(page, `<caption>${caption}</caption>`, "</table>").matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = ""]) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell),
    );
  expect(rows("Settings that differ")).toEqual([
    ["setting", "tanh", "relu"],
    ["activation", "tanh", "relu"],
    ["decay", "0.5", "0.99"],
    ["run folder", "a", "b"],
  ]);
  const ends = rows("How they ended");
  expect(ends).toContainEqual([
    "plain: final cost",
    expect.stringMatching(/^median \d+$/),
    expect.stringMatching(/^median \d+; 1 of 3 seeds diverged$/),
  ]);
  expect(ends.find(([name]) => name === "bn: effect, cost divided by")?.[1]).toMatch(/^[\d.]+ \(/);
  const ids = [...page.matchAll(/<[^>]* id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ["costs", "data", "effect", "verdicts", "signal", "gradients", "gap"])
    expect(ids).toContain(`chart-${id}`);
  for (const id of ["stage-run0", "stage-run1"]) expect(ids).toContain(id);
  // Charts that can share a picture do; the runs have the same points, so their fits lie over each other.
  for (const id of ["data", "verdicts"]) expect(ids).not.toContain(`chart-run0-${id}`);
  expect(between(page, 'id="chart-verdicts"', "</figcaption>")).toMatch(/tanh, plain at update .* relu, bn at update/);
});
