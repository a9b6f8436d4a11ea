import { expect, test } from "vitest";
import type { ArmTask, Observation } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { mapStateOf } from "../../src/metrics/maps.js";
import { stagesOf } from "../../src/model/layers/stages.js";
import type { MapState } from "../../src/record/maps.js";
import { describeEngines } from "../engines/engines.js";
import { imageTask } from "../engines/image-tasks.js";

const POINT = 2;
const base = imageTask({ normalization: {} });
const task: ArmTask = { ...base, sample: base.evaluation };
const stages = stagesOf(task.spec);

function statesOf(create: (task: ArmTask) => ReturnType<ReturnType<typeof referenceEngine>["createArm"]>) {
  const arm = create(task);
  const states = [0, 3].map((update) => {
    arm.advance(update);
    const observation = arm.observe("sample");
    const state = mapStateOf(observation, stages, task.evaluation, POINT, arm.state().tensors);
    if (state === undefined) throw new Error("no maps");
    return { observation, state };
  });
  arm.dispose();
  return states;
}

const known = statesOf((own) => referenceEngine().createArm(own));

test("maps are the channels of one image, row by row", () => {
  const [{ observation, state } = { observation: undefined, state: undefined }] = known;
  expect(state?.layers.map(({ height, width, low }) => [height, width, low.length])).toEqual([
    [7, 9, 4],
    [4, 5, 4],
  ]);
  expect([state?.input.height, state?.input.width, state?.input.low.length]).toEqual([7, 9, 2]);
  const { samples } = task.evaluation;
  for (const [layer, maps] of (state?.layers ?? []).entries()) {
    const pixels = maps.height * maps.width;
    for (let at = 0; at < 4 * pixels; at++) {
      const channel = Math.floor(at / pixels);
      const given = observation?.layers[layer]?.preActivation[(channel * samples + POINT) * pixels + (at % pixels)];
      const [low = 0, high = 0] = [maps.low[channel], maps.high[channel]];
      const share = Number.parseInt(maps.values.slice(2 * at, 2 * at + 2), 16) / 255;
      expect(Math.abs(low + (high - low) * share - Number(given))).toBeLessThanOrEqual((high - low) / 509);
    }
  }
  // Kernel [height][width][in][out]: the third channel's weight of the second input at row 1, column 0.
  const kernel = task.initial.tensors.get("layers.0.kernel");
  expect(kernel?.shape).toEqual([2, 2, 2, 4]);
  const weight = kernel?.data[((1 * 2 + 0) * 2 + 1) * 4 + 2] ?? 0;
  expect(state?.kernels.values[(2 * 2 + 1) * 4 + 2]).toBe(Number(weight.toPrecision(6)));
});

test("large maps are means of blocks, and there are none of what is no number or no convolution", () => {
  const image = { height: 20, width: 33, channels: 1, isImage: true };
  const stage = { kind: "conv", before: [], from: image, to: image, kernel: [1, 1], stride: 1 } as const;
  const values = Float64Array.from({ length: 20 * 33 }, (_, at) => at);
  const layer = { preActivation: values, layerInput: values, gradientNorms: { kernel: 1, preActivation: 1 } };
  const observation: Observation = { update: 0, cost: 1, layers: [layer] };
  const tensors = new Map([["layers.0.kernel", { shape: [1, 1, 1, 1], data: Float32Array.of(2) }]]);
  const maps = mapStateOf(observation, [stage], { samples: 1 }, 0, tensors)?.layers[0];
  expect([maps?.height, maps?.width, maps?.values.length]).toEqual([7, 11, 2 * 7 * 11]);
  // The mean of rows 0 to 2 and columns 0 to 2 is pixel (1, 1).
  expect(Number.parseInt(maps?.values.slice(0, 2) ?? "", 16)).toBe(Math.round((255 * 34) / 659));
  const lost = { ...layer, preActivation: values.map((value) => (value === 7 ? Number.NaN : value)) };
  expect(mapStateOf({ ...observation, layers: [lost] }, [stage], { samples: 1 }, 0, tensors)).toBeUndefined();
  const dense = stagesOf({ sizes: [3, 2, 1] });
  expect(mapStateOf(observation, dense, { samples: 1 }, 0, tensors)).toBeUndefined();
});

await describeEngines("feature maps and kernels", (engine) => {
  test("are those of the reference", () => {
    const states = statesOf((own) => engine().createArm(own));
    for (const [place, { state }] of states.entries()) {
      const other = known[place]?.state as MapState;
      for (const [own, theirs] of [
        [state.input, other.input],
        ...state.layers.map((maps, i) => [maps, other.layers[i]]),
      ]) {
        // Float32 over two layers and three updates.
        for (const end of ["low", "high"] as const)
          for (const [channel, value] of (own?.[end] ?? []).entries())
            expect(Math.abs(value - (theirs?.[end][channel] ?? Number.NaN))).toBeLessThan(2e-4);
        const digits = (maps: typeof own) => maps?.values.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
        const expected = digits(theirs);
        // Rounding may move a value over the middle between two steps.
        for (const [at, digit] of digits(own).entries())
          expect(Math.abs(digit - (expected[at] ?? Number.NaN))).toBeLessThanOrEqual(1);
      }
      for (const [at, value] of state.kernels.values.entries())
        expect(Math.abs(Number(value) - Number(other.kernels.values[at]))).toBeLessThan(2e-4);
    }
  });
});
