import { describe, expect, test } from "vitest";
import { float32Digest } from "../../src/data/digest.js";
import type { ArmState, EngineArm } from "../../src/engines/engine.js";
import { loadFusedEngine } from "../../src/engines/fused-node.js";
import { type TaskOptions, taskOf } from "./fused-tasks.js";

const engine = loadFusedEngine();
const armOf = (options: TaskOptions) => engine.createArm(taskOf(options));
const digest = (state: ArmState) => float32Digest(...[...state.tensors.values()].map(({ data }) => data));

describe("divergence", () => {
  const diverging: TaskOptions = {
    sizes: [1, 30, 30, 30, 30, 30, 30, 30, 1],
    samples: 500,
    activation: "relu",
    deviation: 1,
  };

  test("is noticed at the first state whose cost float32 cannot hold, which is kept", () => {
    const arm = armOf(diverging);
    expect(arm.advance(0)).toEqual({ status: "reached", update: 0 });
    expect(arm.costs().train).toBeLessThan(1e12);
    expect(arm.advance(250)).toEqual({ status: "diverged", update: 1 });
    const kept = digest(arm.state());
    expect(arm.advance(250)).toEqual({ status: "diverged", update: 1 });
    expect(digest(arm.state())).toBe(kept);
    expect(arm.costs().train <= 3.4028234663852886e38).toBe(false);
  });

  test.each([
    ["layers.0.bias", { bn: true }],
    ["layers.2.kernel", {}],
    ["norms.1.moving_variance", { bn: true }],
  ] as const)("a NaN in %s is one", (name, options) => {
    const task = taskOf(options);
    (task.initial.tensors.get(name)?.data as Float32Array)[0] = Number.NaN;
    expect(engine.createArm(task).advance(3)).toEqual({ status: "diverged", update: 0 });
  });
});

/** SHA-256 of the state after 250 updates: these bytes are the same on every machine, or the engine is broken. */
const PINNED: Readonly<Record<string, string>> = {
  "plain tanh": "bc5c6d015b77b3c718a592c68972b49886adeeae7ba0b39ac2ec198436e780ff",
  "plain relu": "ff6b32d353872a3d168973681bbcdaf2f0b4ee02bebf8006d8230ebe8b7eed1d",
  "bn relu": "395fa1cf81880433c4fdfae53295b1b70f1f0813d02cbbd981c96f91ea050c30",
  "bn tanh": "7afced8f30222777c8388431f98330325a0783c0286b67097f887cfc9e7f0385",
  "bn relu, batches of 10": "797e5046a3a924f7df3bf60ccbc6c514a1e90141bc65ad8fee5818ea98bb9ec0",
  "bn softplus, 1100 samples": "1c44cdd29e744cb9cbe068445870f7f51ff2ff6c9626cbb332eeae890d06f13e",
  "plain elu, 1100 samples": "b5375d6e7241f0889fa437120933a3a379bd2459ebd8cfb5ad445c37b0afacc6",
  "plain gelu": "f9142450ee99956bc30649e2d3e19cb76629b82d331a65402efd8705f7b6ef5e",
  "hidden, scale, after, ghost batches": "30c8a9c8dfa272578a2aa47c34149290f1617f17c575969caedce47d6d6af148",
  "center, no affine": "eacc791e2cc3a84edeecb791084218c01ffd95acc6913d0d7a76e37cfcb5b741",
  "input, ghost batches": "ba7685ae4ec5f3135b99388ac6da589b64ff0db1a339244e3d6f142d6b725db6",
  after: "2beff1b2060006f2541ee6bf18780a756a16b1c9063779450a8aabe8e94b0fc3",
};

describe("250 updates of the tutorial's network", () => {
  const tutorial: TaskOptions = { sizes: [1, 30, 30, 30, 30, 30, 30, 30, 1], samples: 500 };
  const small: TaskOptions = { sizes: [2, 13, 6, 1], samples: 1100, batchSize: 700, bn: true, rate: 1e-4 };
  const other = { where: "hidden", transform: "scale", position: "after", ghostBatchSize: 50 } as const;
  const cases: [string, TaskOptions][] = [
    ["plain tanh", { ...tutorial, activation: "tanh" }],
    ["plain relu", { ...tutorial, activation: "relu", rate: 1e-4 }],
    ["bn relu", { ...tutorial, activation: "relu", bn: true }],
    ["bn tanh", { ...tutorial, activation: "tanh", bn: true }],
    ["bn relu, batches of 10", { ...tutorial, activation: "relu", bn: true, samples: 2500, batchSize: 10, rate: 1e-4 }],
    [
      "bn softplus, 1100 samples",
      { sizes: [2, 13, 6, 1], samples: 1100, activation: "softplus", bn: true, debias: true },
    ],
    ["plain elu, 1100 samples", { sizes: [2, 13, 6, 1], samples: 1100, activation: "elu" }],
    ["plain gelu", { sizes: [2, 13, 6, 1], samples: 97, activation: "gelu" }],
    ["hidden, scale, after, ghost batches", { ...small, normalization: other, activation: "gelu" }],
    ["center, no affine", { ...small, normalization: { transform: "center", affine: false }, activation: "tanh" }],
    ["input, ghost batches", { ...small, normalization: { where: "input", ghostBatchSize: 600 }, activation: "relu" }],
    ["after", { ...tutorial, bn: true, normalization: { position: "after" }, activation: "relu", rate: 1e-4 }],
  ];
  test.each(cases)("%s: the pinned digest, in one call or in many", (name, options) => {
    const digests = [[250], [1, 2, 117, 250]].map((targets) => {
      const arm: EngineArm = armOf(options);
      for (const target of targets) expect(arm.advance(target)).toEqual({ status: "reached", update: target });
      return digest(arm.state());
    });
    expect(digests).toEqual([PINNED[name], PINNED[name]]);
  });
});
