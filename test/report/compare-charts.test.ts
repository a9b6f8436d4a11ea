import { describe, expect, test } from "vitest";
import { drawingOf } from "../../src/charts/compile.js";
import type { Result } from "../../src/experiment/result.js";
import { compareCosts } from "../../src/report/compare-costs.js";
import { compareFits } from "../../src/report/compare-fits.js";
import { compareHeadline } from "../../src/report/compare-headline.js";
import { outcomeTable } from "../../src/report/compare-table.js";
import { panelsOf, rowsWith } from "../../src/report/drawing.js";
import { namedRuns } from "../../src/report/named-runs.js";
import { differingSettings } from "../../src/report/run-settings.js";
import { makeResult } from "../charts/result-fixture.js";

const run = (name: string, result: Result) => ({ name, result });
const withConfig = (config: Partial<Result["config"]>, shape: Parameters<typeof makeResult>[0] = {}) =>
  makeResult({ ...shape, config });
const labels = (...results: Result[]) =>
  namedRuns(results.map((result, place) => run(`folder-${place}`, result))).map(({ label }) => label);

describe("runs are named", () => {
  test("by what tells them apart, with as few settings as do", () => {
    expect(labels(withConfig({ activation: "relu" }), withConfig({ activation: "tanh" }))).toEqual(["relu", "tanh"]);
    expect(labels(withConfig({ decay: 0.5 }), withConfig({ decay: 0.99 }))).toEqual(["decay 0.5", "decay 0.99"]);
    expect(
      labels(
        withConfig({ activation: "relu", decay: 0.5 }),
        withConfig({ activation: "relu", decay: 0.99 }),
        withConfig({ activation: "tanh", decay: 0.5, seeds: [1, 2, 3] }),
      ),
    ).toEqual(["relu · decay 0.5", "relu · decay 0.99", "tanh · decay 0.5"]);
  });

  test("by what each sets over its preset, where they differ in much", () => {
    const tutorial = { activation: "relu", updates: 250, samples: 500, batchSize: 500, engine: "fused" };
    const preset = { ...tutorial, preset: "tutorial-minibatch", batchSize: 10, samples: 2500, shuffle: true };
    expect(
      labels(
        withConfig({ ...tutorial, decay: 0.99 }),
        withConfig({ ...preset, decay: 0.5 }),
        withConfig({ ...tutorial, activation: "tanh", seeds: [1, 2, 3] }),
      ),
    ).toEqual(["decay 0.99", "tutorial-minibatch", "tanh · seeds 3"]);
  });

  test("by their folders where settings say nothing, or too much", () => {
    expect(labels(makeResult(), makeResult())).toEqual(["folder-0", "folder-1"]);
    const many = { decay: 0.9, epsilon: 0.1, learningRate: 0.1, bias: 3 };
    expect(labels(...Object.entries(many).map(([key, value]) => withConfig({ [key]: value })), makeResult())).toEqual([
      "folder-0",
      "folder-1",
      "folder-2",
      "folder-3",
      "folder-4",
    ]);
  });

  test("never alike", () => {
    const same = [run("x", makeResult()), run("x", makeResult())];
    expect(namedRuns(same).map(({ label }) => label)).toEqual(["x", "x (2)"]);
  });
});

test("settings that follow from others are no differences of their own", () => {
  const settings = (one: Partial<Result["config"]>, other: Partial<Result["config"]>) =>
    differingSettings([withConfig(one), withConfig(other)]).map(({ key }) => key);
  expect(settings({ hiddenLayers: 2, sizes: [1, 3, 3, 1] }, { hiddenLayers: 3, sizes: [1, 3, 3, 3, 1] })).toEqual([
    "hiddenLayers",
  ]);
  expect(settings({ seed: 1, seeds: [1, 2, 3] }, { seed: 4, seeds: [4] })).toEqual(["seeds"]);
  expect(differingSettings([withConfig({ seeds: [1, 2, 3] }), withConfig({ seeds: [3, 5] })])[0]?.values).toEqual([
    "1–3",
    "3, 5",
  ]);
});

describe("fits over each other", () => {
  const named = (...results: Result[]) => namedRuns(results.map((result, place) => run(`r${place}`, result)));
  const curve = (fit: (x: number) => number) => makeResult({ arms: { plain: { fit }, bn: { normalized: true } } });

  test("stay inside their panels, whatever they predict", () => {
    const wild = curve((x) => 300 * Math.sin(3 * x));
    const compared = compareFits(named(wild, makeResult()));
    const drawing = drawingOf(compared?.chart.spec ?? ({} as never));
    if (drawing === undefined) throw new Error("no drawing");
    const panels = panelsOf(drawing);
    expect(panels).toHaveLength(2);
    const corners = rowsWith(drawing, ["line", "color", "width"]) as readonly { x: number; y: number; width: number }[];
    const fits = corners.filter(({ width }) => width === 2 || width === 1.5);
    expect(fits.length).toBeGreaterThan(250);
    for (const { x, y } of fits) {
      // The legend has lines of its own above them.
      const isInside = panels.some(
        (panel) => y >= panel.y - 0.01 && y <= panel.y2 + 0.01 && x >= panel.x && x <= panel.x2,
      );
      expect(isInside || y < (panels[0]?.y ?? 0), `${x}, ${y}`).toBe(true);
    }
    const edges = new Set(panels.flatMap(({ y, y2 }) => [y, y2]));
    expect(fits.filter(({ y }) => edges.has(y)).length).toBeGreaterThan(10);
  });

  test("have a spot for every place that says all fits", () => {
    const { spots = [] } =
      compareFits(
        named(
          makeResult(),
          curve((x) => x),
        ),
      ) ?? {};
    expect(spots.length).toBeGreaterThanOrEqual(100);
    expect(spots[0]?.lines[0]).toMatch(/^plain, x = −7/);
    expect(spots[0]?.lines).toHaveLength(3);
  });

  test("are drawn only where the points are the same", () => {
    const other = makeResult();
    other.pairing.data = "1".repeat(64);
    expect(compareFits(named(makeResult(), other))).toBeUndefined();
    expect(compareFits(named(makeResult({ inputs: 3 }), makeResult({ inputs: 3 })))).toBeUndefined();
  });

  test("say who diverged", () => {
    const { chart } = compareFits(named(makeResult({ plainDivergesAt: 3 }), makeResult({ plainDivergesAt: 5 }))) ?? {};
    expect(chart?.description).toContain("r0 diverged at update 3 and has no fit; r1 diverged at update 5");
    expect(JSON.stringify(chart?.spec)).toContain("every run diverged: no fit");
  });
});

describe("costs over each other", () => {
  const named = (...results: Result[]) => namedRuns(results.map((result, place) => run(`r${place}`, result)));
  const told = (...results: Result[]) => compareCosts(named(...results)).chart.description;
  const several = (divergesAt: (place: number) => number | undefined) =>
    makeResult({ seeds: 5, arms: { plain: { divergesAt }, bn: { normalized: true } } });

  test("of several seeds tell of all of them, not of the first", () => {
    const text = told(
      several((place) => (place === 0 ? 7 : undefined)),
      several((place) => (place > 0 ? 9 : undefined)),
    );
    expect(text).toMatch(/^plain: r0 ends at [\d.]+ in 4 of 5 seeds; r1 ends at [\d.]+ in 1 of 5 seeds\./);
    expect(
      told(
        several(() => 7),
        makeResult(),
      ),
    ).toMatch(/^plain: seeds 1–5 diverges in all 5 seeds, first at update 7; seeds 1 ends/);
    const notes = (...results: Result[]) => compareCosts(named(...results)).chart.notes.join(" ");
    expect(
      notes(
        several((place) => (place === 0 ? 7 : undefined)),
        makeResult(),
      ),
    ).not.toContain("cross");
    const lost = makeResult({ plainDivergesAt: 60, bnDivergesAt: 70 });
    expect(notes(lost, makeResult({ plainDivergesAt: 50, bnDivergesAt: 60 }))).toContain(
      "A cross ends a run that diverged.",
    );
    // Costs that leave the scale end in a triangle, one below the other.
    const both = [makeResult({ plainDivergesAt: 1 }), makeResult({ plainDivergesAt: 1, config: { decay: 0.9 } })];
    const drawing = drawingOf(compareCosts(named(...both)).chart.spec);
    if (drawing === undefined) throw new Error("no drawing");
    const marks = rowsWith(drawing, ["shape", "size", "color"]) as readonly { x: number; y: number; shape: string }[];
    const [one, other] = marks.filter(({ shape }) => shape === "triangle-up");
    expect([other?.x, other?.y]).toEqual([one?.x, (one?.y ?? 0) + 10]);
    expect(
      compareFits(
        named(
          several(() => undefined),
          several(() => undefined),
        ),
      )?.chart.notes.join(" "),
    ).toContain("Of several seeds, the first one's nets.");
  });

  test("lie in one panel, also where one run draws an arm in one mode and another in both", () => {
    const four = makeResult({ arms: { plain: {}, bn: { normalized: true }, c: {}, d: {} } });
    expect(told(four, makeResult())).toMatch(
      /bn, batch statistics: \S+ plain, bn, c, d ends at [\d.]+; \S+ plain, bn ends at [\d.]+\. .*bn, moving averages: \S+ plain, bn ends at [\d.]+\.$/,
    );
  });

  test("say that a cost is lost, instead of its last finite value", () => {
    const lost = structuredClone(makeResult());
    for (const { update, ...entry } of lost.arms["bn"]?.costs ?? []) {
      if (update > 90)
        Object.assign(lost.arms["bn"]?.costs.find((each) => each.update === update) ?? entry, {
          inference: "Infinity",
        });
    }
    expect(told(lost, makeResult())).toMatch(
      /bn, moving averages: r0 has no finite cost at the end \([\d.]+ at update 90\)/,
    );
  });

  test("hold arms whose names every object has already", () => {
    const odd = makeResult({ arms: { toString: {}, constructor: { normalized: true } } });
    const runs = named(odd, makeResult());
    expect(outcomeTable(runs).rows.find(([name]) => name?.startsWith("toString"))?.[2]).toBe("–");
    expect(compareCosts(runs).chart.description).toMatch(/^toString.?: arms toString, constructor ends/);
    expect(compareFits(runs)?.chart.description).toMatch(/constructor.?: arms toString, constructor ends/);
    expect(compareHeadline(runs)).toBeUndefined();
  });
});

test("the first sentence says where each arm ends lowest and highest", () => {
  const relu = makeResult({ config: { activation: "relu" }, plainDivergesAt: 3 });
  const tanh = makeResult();
  Object.assign(tanh.seeds[0]?.arms["bn"] ?? {}, { final: { train: 80, inference: 700 } });
  const text = compareHeadline(namedRuns([run("a", relu), run("b", tanh)]));
  expect(text).toMatch(
    /^By the final cost of prediction: plain ends at [\d.]+ in tanh and diverges in relu; bn ends lowest in relu \([\d.]+\) and highest in tanh \(700\)\.$/,
  );
  const other = makeResult();
  other.anchors.predictMean = 5;
  expect(compareHeadline(namedRuns([run("a", tanh), run("b", other)]))).toBeUndefined();
});

test("costs of runs far apart have scales of their own", () => {
  const named = namedRuns([
    run("a", makeResult()),
    run("b", makeResult({ arms: { plain: {}, bn: { normalized: true, scale: 1e9 } } })),
  ]);
  expect(compareCosts(named).chart.notes.join(" ")).toContain("on log scales of their own");
  const alike = namedRuns([run("a", makeResult()), run("b", makeResult({ seeds: 2 }))]);
  expect(compareCosts(alike).chart.notes.join(" ")).toContain("on one log scale");
});
