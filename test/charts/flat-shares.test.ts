import { parse, View } from "vega";
import { describe, expect, test } from "vitest";
import { compileSpec, withRows } from "../../src/charts/compile.js";
import { drawableOf } from "../../src/charts/index.js";
import { activations, histograms } from "../../src/charts/layers/index.js";
import { alone, styledArms } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";
import { flat } from "../../src/tables/flat.js";
import { layerName } from "../../src/tables/table.js";
import { percentText } from "../../src/text/numbers.js";
import { cases } from "./cases.js";
import { makeResult } from "./result-fixture.js";

interface Item {
  readonly text?: unknown;
  readonly datum?: Readonly<Record<string, unknown>>;
  readonly items?: readonly Item[];
}

/** The texts that a chart prints, with the rows that they are about. */
async function printed(chart: typeof histograms, result: Result) {
  const drawable = drawableOf(chart, alone(result));
  if (drawable === undefined) throw new Error("nothing to draw");
  const view = new View(parse(withRows(await compileSpec(drawable.spec), drawable.sets) as never), {
    renderer: "none",
  });
  await view.runAsync();
  const all: string[] = [];
  const walk = ({ text, datum = {}, items = [] }: Item): void => {
    if (datum["flat_share"] !== undefined && text !== undefined)
      all.push(`${datum["arm"]}, ${datum["layer_name"]}, ${datum["updates"]}: ${text}`);
    for (const item of items) walk(item);
  };
  walk((view.scenegraph() as unknown as { readonly root: Item }).root);
  view.finalize();
  return { all, updates: drawable.spec.params?.find(({ name }) => name === "shownUpdates")?.value as number[] };
}

/** What a result holds of the layers that are drawn; what a layer receives has passed the activation of the one before. */
function recorded(result: Result, updates: readonly number[], before: 0 | 1): string[] {
  return styledArms(result).flatMap(({ label, arm }) =>
    arm.checkpoints
      .filter(({ update }) => updates.includes(update))
      .flatMap(({ update, layers }) =>
        layers.flatMap((_, place) => {
          const share = layers[place - before]?.health.flatShare;
          if (share === undefined) return [];
          return [`${label}, ${layerName(place, layers.length)}, ${update}: ${percentText(share)} flat`];
        }),
      ),
  );
}

describe("the shares in the flat region", () => {
  test.each([
    ["trained", "histograms", 0],
    ["trained", "activations", 1],
    ["plain diverged", "histograms", 0],
    ["plain diverged late", "histograms", 0],
    ["plain diverged late", "activations", 1],
  ] as const)("that the panels print are those of result.json: %s, %s", async (name, chart, before) => {
    const result = cases[name] as Result;
    const { all, updates } = await printed({ histograms, activations }[chart], result);
    expect(all.length).toBeGreaterThan(10);
    expect([...all].sort()).toEqual(recorded(result, updates, before).sort());
  });

  test("have the ends of the region, in the values' own scale", () => {
    const rowOf = (activation: string, quantity: string) => {
      const result = makeResult({ config: { activation } });
      return [...flat.rows(result)].find((row) => row["quantity"] === quantity && row["layer"] === 1);
    };
    expect(rowOf("tanh", "preActivation")).toMatchObject({
      steep_low: -2.092295720034939,
      steep_high: 2.092295720034939,
    });
    expect(rowOf("tanh", "layerInput")?.["steep_high"]).toBeCloseTo(0.97, 12);
    expect(rowOf("relu", "preActivation")).toMatchObject({ steep_low: Number.MIN_VALUE, steep_high: null });
    expect(rowOf("identity", "preActivation")).toBeUndefined();
    expect(rowOf("no such", "preActivation")).toBeUndefined();
  });

  test("are not those of a layer whose input is normalized, or the network's", () => {
    const result = makeResult();
    const inputs = [...flat.rows(result)].filter((row) => row["quantity"] === "layerInput");
    expect(inputs.filter((row) => row["layer"] === 0)).toEqual([]);
    // A normalization behind the activation has bins from −8 on.
    const layers = result.arms["bn"]?.checkpoints[0]?.layers ?? [];
    const [, second] = layers;
    if (second !== undefined) layers.splice(1, 1, { ...second, layerInput: second.preActivation });
    expect([...flat.rows(result)].filter((row) => row["quantity"] === "layerInput")).toHaveLength(inputs.length - 1);
  });
});
