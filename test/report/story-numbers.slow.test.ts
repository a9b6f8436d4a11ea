import { describe, expect, test } from "vitest";
import { readRun } from "../../src/output/run-reader.js";
import type { Result } from "../../src/record/result.js";
import { sentenceText } from "../../src/report/labeled-arms.js";
import { storyOf } from "../../src/report/story.js";
import { sharedRun } from "../cli/shared-run.js";

/** Runs of unlike kinds. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  "BN wins where plain diverges": ["run", "--activation", "relu"],
  "BN wins where both are trained": ["run", "--activation", "tanh", "--epochs", "250"],
  "BN loses": ["run", "--activation", "tanh", "--no-affine"],
  "both diverge": ["run", "--activation", "relu", "--learning-rate", "1"],
  "mini-batches": ["run", "--preset", "tutorial-minibatch"],
  sigmoid: ["run", "--activation", "sigmoid"],
};

async function resultOf(args: readonly string[]): Promise<Result> {
  const { exitCode, folder } = await sharedRun(...args);
  expect(exitCode).toBe(0);
  return readRun(folder).result;
}

/** Two digits, without the sentences' own code. */
function two(value: number): string {
  if (value >= 99_999.5) return value.toExponential(0).replace("e+", "e");
  if (value >= 999.5) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, value >= 9999.5 ? "\u00a0" : "");
  return String(Number(value.toPrecision(2)));
}

describe.each(Object.entries(RUNS))("every number of the four steps follows from result.json: %s", (_, args) => {
  test("values, slopes, gradients and ends", async () => {
    const result = await resultOf(args);
    const story = storyOf(result);
    const said = (id: string) => sentenceText(story?.steps.find((step) => step.id === id)?.sentence ?? "", result);
    const arms = Object.values(result.arms);
    const starts = arms.map(({ checkpoints: [start] }) => start?.layers.slice(0, -1) ?? []);

    for (const [place, layers] of starts.entries()) {
      const sizes = layers.map(({ health }) => Math.sqrt(Number(health.secondMoment)));
      const [first = 0, last = 0] = [sizes[0], sizes.at(-1)];
      const factor = (last / first) ** (1 / (sizes.length - 1));
      const expected =
        factor > 2
          ? `${two(factor)}-fold per layer before training`
          : `${two(Math.min(...sizes))}–${two(Math.max(...sizes))}`;
      expect(said("values"), `arm ${place}`).toContain(expected);
    }

    // Gradients are compared at the last record that both arms have in full.
    const full = arms.map(({ checkpoints }) =>
      checkpoints.filter(({ layers }) =>
        layers.every(({ gradientNorms }) => typeof gradientNorms.preActivation === "number"),
      ),
    );
    const common = full[0]?.findLast(({ update }) =>
      full.every((own) => own.some((each) => each.update === update)),
    )?.update;
    for (const own of full) {
      const norms = own
        .find(({ update }) => update === common)
        ?.layers.map((layer) => Number(layer.gradientNorms.preActivation));
      const factor = (norms?.[0] ?? 0) / (norms?.at(-1) ?? 1);
      expect(said("gradients")).toContain(`${two(Math.max(factor, 1 / factor))}-fold`);
    }

    // Shares are of the last record that both have before one of them diverges.
    const ends = arms.map((arm) =>
      arm.checkpoints.filter(({ update }) => arm.status === "trained" || update < arm.divergence.update),
    );
    const end = ends[0]?.findLast(({ update }) =>
      ends.every((own) => own.some((each) => each.update === update)),
    )?.update;
    for (const own of ends) {
      const shares =
        own.find(({ update }) => update === end)?.layers.flatMap(({ health }) => health.flatShare ?? []) ?? [];
      const percent = Math.round(100 * Math.max(...shares));
      expect(said("layers")).toContain(Math.max(...shares) === 0 ? "for none" : `${percent}\u00a0%`);
    }

    for (const arm of arms) {
      const expected =
        arm.status === "diverged"
          ? `diverged at update ${arm.divergence.update} and has no fit`
          : `at a cost of ${Number(Number(arm.final.inference).toPrecision(3))}`;
      expect(said("fits")).toContain(expected);
    }
  });
});

describe("where BN loses, the lead says why by the record", () => {
  const led = async (...args: readonly string[]) => {
    const result = await resultOf(args);
    return { result, lead: sentenceText(storyOf(result)?.lead ?? "", result) };
  };

  test("its layers and its fit are mirrored", async () => {
    const { result, lead } = await led("run", "--activation", "tanh", "--no-affine");
    expect(lead).toContain(
      "does not learn (751) and plain learns little (519): without beta, the values in every layer",
    );
    const [plain, bn] = ["plain", "bn"].map((name) => result.arms[name]);
    if (bn?.status !== "trained" || plain?.status !== "trained") throw new Error("both are trained");
    const off = (fit: readonly unknown[]) => {
      const values = fit.map(Number);
      const twice = 2 * (values[(values.length - 1) / 2] ?? 0);
      const largest = Math.max(...values.map((value, place) => Math.abs(value + (values.at(-1 - place) ?? 0) - twice)));
      return largest / (Math.max(...values) - Math.min(...values));
    };
    expect(off(bn.fit)).toBeLessThan(1e-3);
    expect(off(plain.fit)).toBeGreaterThan(0.5);
    for (const { layers } of bn.checkpoints)
      for (const { preActivation } of layers.slice(0, -1))
        expect(Math.abs(preActivation.mean as number)).toBeLessThan(1e-3);
  });

  test("its cost still falls, where the plain net has settled", async () => {
    const rate = ["--learning-rate", "0.00001", "--epochs", "300"];
    const { result, lead } = await led("run", "--activation", "relu", "--init", "he", ...rate);
    const at = (arm: string, update: number) =>
      Number(result.arms[arm]?.costs.find((entry) => entry.update === update)?.inference);
    expect(lead).toContain(`(${Math.round(at("bn", 240))} at update 240, ${Math.round(at("bn", 300))} at update 300)`);
    expect(1 - at("bn", 300) / at("bn", 240)).toBeGreaterThan(0.02);
    expect(1 - at("plain", 300) / at("plain", 240)).toBeLessThan(0.01);
  });
});
