import type { Costs, EngineArm, Observation, ObservedPoints } from "../../src/engines/engine.js";

/** What an arm without a network does at each update. */
export interface Script {
  /** `advance` stops here. */
  readonly stopsAt?: number;
  readonly costs?: (update: number) => Costs;
  readonly observedCost?: (update: number) => number;
}

/** An arm that follows a script and writes down what it is asked for. */
export function scriptedArm(script: Script = {}): EngineArm & { readonly asked: string[] } {
  const asked: string[] = [];
  let update = 0;
  const observe = (points: ObservedPoints): Observation => {
    asked.push(`observe ${points} @${update}`);
    const cost = script.observedCost?.(update) ?? 1;
    const preActivation = Float64Array.of(cost);
    const layer = { layerInput: Float64Array.of(1), gradientNorms: { kernel: 0, preActivation: 0 } };
    return { update, cost, layers: [{ ...layer, preActivation }] };
  };
  return {
    asked,
    get update() {
      return update;
    },
    advance(target) {
      const { stopsAt = Number.POSITIVE_INFINITY } = script;
      update = Math.min(target, stopsAt);
      return { status: stopsAt < target ? "diverged" : "reached", update };
    },
    costs() {
      asked.push(`costs @${update}`);
      return script.costs?.(update) ?? { train: 100 - update, inference: update === 0 ? null : 200 - update };
    },
    averaged: () => [],
    recalibrated: () => undefined,
    populationMoments: () => new Map(),
    observe,
    gradients: () => new Map(),
    state: () => ({ update, tensors: new Map() }),
    predict: () => new Float64Array(0),
    normStatistics: () => new Map(),
    dispose() {},
  };
}
