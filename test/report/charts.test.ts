import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { drawingOf, specOf } from "../../src/charts/compile.js";
import { layerMarks } from "../../src/charts/layer-marks.js";
import { layerPanels } from "../../src/charts/layer-panels.js";
import { charts, drawPictures } from "../../src/charts/pictures.js";
import { renderSvg } from "../../src/charts/render.js";
import { armStyles, themeConfig } from "../../src/charts/theme.js";
import { tablesOf } from "../../src/report/drawing.js";
import { filmOf } from "../../src/report/film.js";
import { projectorOf } from "../../src/report/film-frames.js";
import { compiled, startTables, withSpots } from "../../src/report/interactive.js";
import { onLinearScale } from "../../src/report/linear-costs.js";
import { packed, unpacked } from "../../src/report/payload.js";
import { slimSvg } from "../../src/report/slim-svg.js";
import { costSpots, effectSpots, gradientSpots, verdictSpots } from "../../src/report/spots.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";
import { scanXml } from "../charts/svg-scan.js";

describe.each(Object.entries(cases))("what can be pointed at: %s", (_, result) => {
  const drawn = charts(result);
  const drawing = (name: keyof typeof drawn) => drawingOf(drawn[name]?.spec ?? ({} as never));

  test("has one spot for every verdict, each on its mark", () => {
    const verdicts = drawing("verdicts.svg");
    const cells = Object.values(result.arms).flatMap(({ checkpoints }) => checkpoints.flatMap(({ layers }) => layers));
    const spots = verdicts === undefined ? [] : verdictSpots(result, verdicts);
    if (cells.length > 0) expect(spots.length).toBeGreaterThan(0);
    if (cells.length < 500) expect(spots).toHaveLength(cells.length);
    for (const { lines } of spots) expect(lines).toHaveLength(2);
  });

  test("has one spot for every layer with a gradient, and one for every seed's ratio", () => {
    const gradients = drawing("gradients.svg");
    const sizes = Object.values(result.arms).map(({ checkpoints }) => {
      const finite = checkpoints.flatMap(({ layers }) =>
        layers.filter(({ gradientNorms: { preActivation: norm } }) => typeof norm === "number" && norm > 0),
      );
      return new Set(finite.map(({ layer }) => layer)).size;
    });
    if (gradients !== undefined) {
      expect(gradientSpots(result, gradients)).toHaveLength(sizes.reduce((sum, size) => sum + size, 0));
    }
    const effect = drawing("effect.svg");
    const ratios = Object.values(result.effects).flatMap(({ train, inference }) => [train, inference]);
    if (effect !== undefined && ratios.some(({ logRatios }) => logRatios.length > 0)) {
      expect(effectSpots(result, effect).length).toBeGreaterThan(0);
    }
  });

  test("is drawn from the chart's own spec, without a word from Vega-Lite", () => {
    for (const { spec } of Object.values(drawn)) {
      const own = drawingOf(spec);
      if (own === undefined) continue;
      const before = JSON.stringify(spec);
      const overlaid = withSpots(spec, [{ x: 1, x2: 2, y: 1, y2: 2, at: 1.5, lines: ["here"] }]);
      const tables = startTables();
      const vega = compiled(overlaid ?? spec, tables);
      expect(JSON.stringify(spec)).toBe(before);
      const values = (vega["data"] as { name: string; values?: unknown }[]).flatMap(({ values }) =>
        typeof values === "number" ? [values] : [],
      );
      expect(values.length).toBeGreaterThanOrEqual(tablesOf(own).length + 2);
      for (const place of values) expect(tables.packed[place]).toBeDefined();
    }
  });
});

test("a spot says the costs that the chart draws there", () => {
  const result = makeResult({ updates: 250 });
  const drawing = drawingOf(charts(result)["costs.svg"]?.spec ?? ({} as never));
  if (drawing === undefined) throw new Error("no drawing");
  const spots = costSpots(result, drawing);
  expect(spots).toHaveLength(51);
  expect(spots[0]).toMatchObject({ x: 0, at: 0 });
  expect(spots.at(-1)).toMatchObject({ at: drawing.width, x2: drawing.width });
  const { bn } = result.arms;
  if (bn?.status !== "trained") throw new Error("bn is trained");
  expect(spots.at(-1)?.lines).toContain(`bn, batch statistics: ${Number(bn.final.train.toPrecision(3))}`);
});

describe("the linear scale", () => {
  test.each(Object.entries(cases))("holds every cost of a trained arm and moves the labels: %s", async (_, result) => {
    const chart = charts(result)["costs.svg"];
    const drawing = drawingOf(chart?.spec ?? ({} as never));
    if (chart === undefined || drawing === undefined) throw new Error("no costs");
    const linear = onLinearScale(result, drawing);
    const text = JSON.stringify(linear);
    expect(text).not.toContain('"log"');
    expect(text).toContain('"linear"');
    const warnings: string[] = [];
    const svg = await renderSvg(specOf(linear), {
      ...chart,
      idPrefix: "x",
      onWarning: (message) => warnings.push(message),
    });
    expect(warnings).toEqual([]);
    scanXml(svg);
  });

  test("puts a reference cost where its axis does", () => {
    const result = makeResult();
    const drawing = drawingOf(charts(result)["costs.svg"]?.spec ?? ({} as never));
    if (drawing === undefined) throw new Error("no costs");
    const linear = onLinearScale(result, drawing);
    const top = Number(/"type":"linear","domain":\[0,([^\]]+)\]/.exec(JSON.stringify(linear))?.[1]);
    const label = tablesOf(linear)
      .flat()
      .find(({ text }) => text === "predicting the mean: 746");
    expect(label?.["level"]).toBeCloseTo((1 - 746 / top) * drawing.height, 6);
  });
});

describe("the film of the layers", () => {
  test.each([
    cases["plain diverged"],
    cases["trained"],
    cases["inputs of another scale"],
    cases["thirty layers, twelve records"],
  ])("draws at each update what the picture of all updates draws", (result) => {
    if (result === undefined) throw new Error("no case");
    const film = filmOf(result, startTables());
    if (film === undefined) throw new Error("no film");
    for (const [quantity, { quantity: name }] of film.quantities.entries()) {
      const { panels: layout } = film.layouts.wide;
      const project = projectorOf(film, quantity, layout);
      const panels = layerPanels(result, name);
      const styles = armStyles(Object.keys(result.arms));
      let compared = 0;
      expect(film.updates).toEqual(expect.arrayContaining([panels.updates[0], panels.updates.at(-1)]));
      for (const update of panels.updates) {
        const still = layerMarks(
          {
            ...panels,
            updates: [update],
            columns: panels.columns.map((column) => ({
              ...column,
              outlines: column.outlines.filter((mark) => mark.update === update),
              outside: column.outside.filter((mark) => mark.update === update),
              notes: column.notes.filter((mark) => mark.update === update),
            })),
          },
          styles,
          layout,
        );
        if (!film.updates.includes(update)) continue;
        const frame = project(film.updates.indexOf(update));
        expect(frame.marks.labels.map(({ text }) => text)).toEqual(still.labels.map(({ text }) => text));
        expect(frame.marks.outlines.map(({ x }) => x)).toEqual(still.outlines.map(({ x }) => x));
        expect(frame.marks.outlines.map(({ y }) => y)).toEqual(still.outlines.map(({ y }) => y));
        compared += frame.marks.outlines.length;
        expect(frame.layers).toEqual(panels.columns.map(({ layer }) => layer));
      }
      expect(compared).toBeGreaterThan(500);
    }
  });

  test("has bars on their way between two updates, and at none", () => {
    const film = filmOf(makeResult(), startTables());
    if (film === undefined) throw new Error("no film");
    const project = projectorOf(film, 0, film.layouts.wide.panels);
    const heights = (place: number) => project(place).marks.outlines.map(({ y }) => y);
    const [before, between, after] = [heights(0), heights(0.5), heights(1)];
    expect(before).not.toEqual(after);
    const area = (ys: readonly (number | null)[]) => ys.reduce<number>((sum, y) => sum + Math.abs(125 - (y ?? 125)), 0);
    const [low, high] = [area(before), area(after)].sort((a, b) => a - b);
    expect(area(between)).toBeGreaterThan(low ?? 0);
    expect(area(between)).toBeLessThan(high ?? 0);
  });

  test("jumps where an arm has no record on one side", () => {
    const film = filmOf(makeResult({ plainDivergesAt: 1 }), startTables());
    if (film === undefined) throw new Error("no film");
    const project = projectorOf(film, 0, film.layouts.wide.panels);
    const texts = (place: number) => project(place).marks.labels.map(({ text }) => text);
    const last = film.updates.length - 1;
    expect(texts(last - 0.5)).toEqual(expect.arrayContaining(["diverged at 1"]));
    for (const { x, y } of project(last - 0.5).marks.outlines) expect(Number.isNaN(x) || Number.isNaN(y)).toBe(false);
  });

  test("has no place for one record, and thins many with the divergence kept", () => {
    expect(filmOf(makeResult({ updates: 0 }), startTables())).toBeUndefined();
    const long = makeResult({ hiddenLayers: 9, updates: 400, histogramEvery: 1, plainDivergesAt: 213 });
    const film = filmOf(long, startTables());
    expect(film?.updates.length).toBeLessThan(200);
    expect(film?.updates).toEqual(expect.arrayContaining([0, 213, 400]));
    expect(JSON.stringify(film?.arms).length).toBeLessThan(700_000);
  });
});

test("tables come back as they were", () => {
  const rows = [
    { x: 1, color: "red", dash: [1, 2], y: null },
    { x: 2.5, color: "red", dash: [1, 2], y: 3 },
    ...Array.from({ length: 10 }, (_, x) => ({ x, color: x % 2 ? "red" : "blue", dash: null, y: x })),
  ];
  const table = packed(rows);
  expect(unpacked(JSON.parse(JSON.stringify(table)))).toEqual(rows);
  expect(JSON.stringify(table).length).toBeLessThan(JSON.stringify(rows).length / 2);
  expect(unpacked(packed([]))).toEqual([]);
  expect(unpacked(packed([{ a: 1 }, { b: "x" }]))).toEqual([
    { a: 1, b: null },
    { a: null, b: "x" },
  ]);
});

test("a slim picture is sound, and every shape in it is one that the picture has", async () => {
  const pictures = await drawPictures(makeResult({ hiddenLayers: 7, updates: 250 }));
  for (const [name, { bare: svg }] of Object.entries(pictures)) {
    const slim = slimSvg(svg, "p");
    const { attributes, texts } = scanXml(slim);
    expect(texts.join(""), name).toBe(scanXml(svg).texts.join(""));
    expect(slim.length, name).toBeLessThan(svg.length);
    const [uses, shapes] = [slim.match(/<use /g)?.length ?? 0, slim.match(/<(?:path|line) id=/g)?.length ?? 0];
    const count = (text: string) => text.match(/<(?:path|line) /g)?.length ?? 0;
    expect(count(slim) - shapes + uses, name).toBe(count(svg));
    const ids = attributes.filter((attribute) => attribute.name === "id").map(({ value }) => value);
    for (const { name: key, value } of attributes) if (key === "href") expect(ids).toContain(value.slice(1));
  }
});

test("Vega-Lite compiles a spec without its values to the same marks", () => {
  const spec = charts(makeResult())["verdicts.svg"]?.spec;
  if (spec === undefined) throw new Error("no verdicts");
  const whole = compile(spec, { config: themeConfig }).spec;
  const bare = compiled(spec, startTables());
  expect(JSON.stringify(bare["scales"])).toBe(JSON.stringify(whole.scales));
  expect((bare["marks"] as unknown[]).length).toBe(whole.marks?.length);
});
