import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { csvFilesOf as allFilesOf } from "../../src/output/formats/csv.js";
import type { Result } from "../../src/record/result.js";
import { cases } from "../charts/cases.js";

/** Half a pair of UTF-16 has no place in a file. */
const inFile = (text: string) => Buffer.from(text).toString();
/** Those that every run has. */
export const csvFilesOf = (result: Result) =>
  Object.fromEntries(allFilesOf(result)) as Record<"arms.csv" | "costs.csv" | "layers.csv" | "histograms.csv", string>;
export const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });

/** Tests that the tables of these cases have every number of the record. */
export function describeRows(names: readonly string[]): void {
  test.each(names)("every cost and every count comes back: %s", (name) => {
    const result = cases[name] as Result;
    const files = csvFilesOf(result);
    const costs = rowsOf(files["costs.csv"]);
    const wanted = result.seeds.flatMap(({ seed, arms }) =>
      Object.entries(arms).flatMap(([arm, entries]) =>
        entries.costs.flatMap(({ update, train, inference }) => {
          const row = { seed: `${seed}`, arm: inFile(arm), updates: `${update}` };
          return [
            { ...row, mode: "train", cost: `${train}`, state: "number", standardized_cost: "" },
            {
              ...row,
              mode: "inference",
              cost: `${inference ?? ""}`,
              state: inference === null ? "undefined" : "number",
              standardized_cost: "",
            },
          ];
        }),
      ),
    );
    expect(costs).toEqual(wanted);

    const counts = new Map<string, number>();
    for (const { arm, updates, layer, quantity, count } of rowsOf(files["histograms.csv"])) {
      const key = JSON.stringify([arm, updates, layer, quantity]);
      counts.set(key, (counts.get(key) ?? 0) + Number(count));
    }
    for (const [arm, { checkpoints }] of Object.entries(result.arms)) {
      for (const { update, layers } of checkpoints) {
        for (const { layer, preActivation } of layers) {
          const { underflow, overflow, nonFinite } = preActivation;
          const all = preActivation.counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
          expect(counts.get(JSON.stringify([inFile(arm), `${update}`, `${layer}`, "preActivation"]))).toBe(all);
        }
      }
    }
  });

  test.each(names)("every arm of every seed has a row that says how it ended: %s", (name) => {
    const result = cases[name] as Result;
    const wanted = result.seeds.flatMap(({ seed, arms }) =>
      Object.entries(arms).map(([arm, ended]) => {
        const { divergence, final } = { divergence: undefined, final: undefined, ...ended };
        return {
          seed: `${seed}`,
          arm: inFile(arm),
          status: ended.status,
          divergence_updates: `${divergence?.update ?? ""}`,
          divergence_layer: `${divergence?.layer ?? ""}`,
          divergence_layer_name: divergence === undefined ? "" : "layer 1",
          divergence_tensor: divergence?.tensor ?? "",
          divergence_pass: divergence?.pass ?? "",
          final_train: `${final?.train ?? ""}`,
          final_inference: `${final?.inference ?? ""}`,
          final_train_standardized: "",
          final_inference_standardized: "",
          final_recalibrated: `${final?.recalibrated ?? ""}`,
        };
      }),
    );
    expect(rowsOf(csvFilesOf(result)["arms.csv"])).toEqual(wanted);
  });
}
