import { isDeepStrictEqual } from "node:util";
import { FLOAT32_MAX } from "../engines/engine.js";
import { BIN_COUNT } from "../metrics/bins.js";
import { FRAME_BINS, framePlaces } from "../metrics/frame.js";
import { VERDICT_RULES } from "../metrics/verdict-rules.js";
import { inputShape, networkOfNamed } from "../model/layers/index.js";
import { pixelsOf, type Shape, stagesOf } from "../model/layers/stages.js";
import type { ArmResult, SeedArm } from "../record/arms.js";
import type { Frame } from "../record/frames.js";
import type { Checkpoint, Distribution } from "../record/layers.js";
import { SHORT_DIGEST } from "../record/names.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { digestEvery } from "./digests.js";
import { type Path, type ResultFault, when } from "./result-fault.js";

/** What must fit together in an arm of the first seed, which is recorded in full. */
export function armFaults(arm: ArmResult, path: Path, result: Result): ResultFault[] {
  const { config, data } = result;
  const points = config.sizes.at(-1) === 1 ? (data.grid?.length ?? data.drawn.y.length) : 0;
  const hasShortFit = arm.status === "trained" && arm.fit.length !== points;
  return [
    ...courseFaults(arm, path, result),
    ...when(!rises(arm.checkpoints, config.updates), [...path, "checkpoints"], NOT_RISING),
    ...when(
      !hasItsStates(arm, config.updates),
      [...path, "stateDigests"],
      t`does not have one for each recorded state`,
    ),
    ...when(hasShortFit, [...path, "fit"], t`does not have one value for each of ${points} points`),
    ...arm.checkpoints.flatMap((checkpoint, place) =>
      checkpointFaults(checkpoint, [...path, "checkpoints", place], result),
    ),
    ...when(!rises(arm.frames, config.updates), [...path, "frames"], NOT_RISING),
    ...arm.frames.flatMap((frame, place) =>
      frameFaults(frame, [...path, "frames", place], hasShortFit ? undefined : framePlaces(points).length, result),
    ),
  ];
}

function hasItsStates(arm: ArmResult, updates: number): boolean {
  if (arm.stateDigests === undefined) return true;
  const states = arm.stateDigests.length / SHORT_DIGEST;
  const all = (update: number) => Math.floor(update / digestEvery(updates)) + 1;
  return arm.status === "trained" ? states === all(updates) : states >= 1 && states <= all(arm.divergence.update);
}

/** What must fit together in the costs and the end of an arm of any seed. */
export function courseFaults(arm: SeedArm | ArmResult, path: Path, { config }: Result): ResultFault[] {
  const { costs } = arm;
  // Of standardized targets: times their squared deviation.
  const most = config.standardizeTargets ? FLOAT32_MAX ** 3 : FLOAT32_MAX;
  const isCost = ({ train, inference, recalibrated }: SeedArm["costs"][number]) =>
    train >= 0 && train <= most && !(Number(inference) < 0) && !(Number(recalibrated) < 0);
  const wrong = costs.findIndex((entry) => !isCost(entry));
  const layers = config.sizes.length - 1;
  const last = costs.at(-1);
  return [
    ...when(!rises(costs, config.updates), [...path, "costs"], NOT_RISING),
    ...when(wrong >= 0, [...path, "costs", wrong], t`is not a cost: it is below 0, or training would have diverged`),
    ...(arm.status === "trained"
      ? [
          ...when(last?.update !== config.updates, [...path, "costs"], t`do not end at update ${config.updates}`),
          ...when(
            !isDeepStrictEqual({ update: config.updates, ...arm.final }, last),
            [...path, "final"],
            t`is not the last of costs`,
          ),
        ]
      : [
          ...when(
            arm.divergence.update > config.updates || arm.divergence.update < (last?.update ?? 0),
            [...path, "divergence", "update"],
            t`is before the last cost, or after the last update`,
          ),
          ...when(arm.divergence.layer >= layers, [...path, "divergence", "layer"], t`is not one of ${layers} layers`),
        ]),
  ];
}

export const NOT_RISING = t`its updates do not rise to at most config.updates`;

export function rises(entries: readonly { readonly update: number }[], most: number): boolean {
  return entries.every(({ update }, place) => update <= most && update > (entries[place - 1]?.update ?? -1));
}

function checkpointFaults({ layers, inputNorm }: Checkpoint, path: Path, { config, data }: Result): ResultFault[] {
  const { sizes } = config;
  const places = sizes.length - 1;
  const shapes = shapesOf(config);
  const isWhole = layers.length === places && layers.every(({ layer }, place) => layer === place);
  if (!isWhole)
    return [{ path: [...path, "layers"], message: t`are not the ${places} layers of config.sizes in order` }];
  const samples = data.observedSamples;
  // With other axes a statistic is not a channel's.
  const isByUnit = [config, ...Object.values(config.arms)].every(({ axes = "channel" }) => axes === "channel");
  const norms = [inputNorm, ...layers].map((norm, place) => ({
    norm,
    units: sizes[place] ?? 0,
    where: place === 0 ? [...path, "inputNorm"] : [...path, "layers", place - 1],
  }));
  return [
    ...layers.flatMap((layer, place) => {
      const units = sizes[place + 1] ?? 0;
      const [inputs, outputs] = [shapes[place]?.inputs ?? 0, shapes[place]?.outputs ?? 0];
      const at = [...path, "layers", place];
      const { verdict, evidence, silentUnits = 0, constantUnits, saturatedShare = 0 } = layer.health;
      const rule = VERDICT_RULES.find((candidate) => candidate.rule === evidence?.rule);
      return [
        ...binFaults(layer.preActivation, outputs * samples, [...at, "preActivation"]),
        ...binFaults(layer.layerInput, inputs * samples, [...at, "layerInput"]),
        ...when((rule?.verdict ?? "healthy") !== verdict, [...at, "health"], t`does not have its verdict's evidence`),
        ...when(layer.health.units !== units, [...at, "health", "units"], t`is not the layer's ${units}`),
        ...when(Math.max(silentUnits, constantUnits) > units, [...at, "health"], t`counts more units than there are`),
        ...when(saturatedShare < 0 || saturatedShare > 1, [...at, "health", "saturatedShare"], t`is not a share`),
      ];
    }),
    ...(isByUnit ? norms : []).flatMap(({ norm, units, where }) =>
      (["batchMean", "batchVariance", "movingMean", "movingVariance"] as const).flatMap((name) =>
        when(
          (norm?.[name]?.length ?? units) !== units,
          [...where, name],
          t`does not have one value for each of ${units} units`,
        ),
      ),
    ),
  ];
}

/** Values of a sample in the input and the output of every weighted layer. */
function shapesOf({ sizes, image, layers = [] }: Result["config"]): { inputs: number; outputs: number }[] {
  const { images } = networkOfNamed(layers, inputShape(sizes[0] ?? 0, image && { ...image, channels: sizes[0] ?? 0 }));
  const valuesOf = (shape: Shape) => shape.channels * pixelsOf(shape);
  return stagesOf({ sizes, ...(images && { images }) }).map(({ from, to }) => ({
    inputs: valuesOf(from),
    outputs: valuesOf(to),
  }));
}

function frameFaults(
  { layers, fit }: Frame,
  path: Path,
  places: number | undefined,
  { config, data }: Result,
): ResultFault[] {
  const { sizes } = config;
  const shapes = shapesOf(config);
  const inOrder = layers.map((layer, place) => {
    const total = layer.counts.reduce((sum, count) => sum + count, layer.underflow + layer.overflow + layer.nonFinite);
    return {
      ...layer,
      total,
      values: (shapes[place]?.outputs ?? 0) * data.observedSamples,
      at: [...path, "layers", place],
    };
  });
  return [
    ...when(layers.length !== sizes.length - 1, [...path, "layers"], t`are not the ${sizes.length - 1} layers`),
    ...when(
      fit !== undefined && places !== undefined && fit.length !== places,
      [...path, "fit"],
      t`does not have ${places} values`,
    ),
    ...inOrder.flatMap(({ counts, total, values, flatShare = 0, at }) => [
      ...when(counts.length !== FRAME_BINS, at, t`does not have ${FRAME_BINS} bins`),
      ...when(total !== values, at, t`does not count ${values} values`),
      ...when(flatShare < 0 || flatShare > 1, [...at, "flatShare"], t`is not a share`),
    ]),
  ];
}

function binFaults(
  { edges, counts, underflow, overflow, nonFinite }: Distribution,
  values: number,
  path: Path,
): ResultFault[] {
  const total = counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
  const reach = Math.max(...edges.map(Math.abs));
  return [
    ...when(edges.length !== counts.length + 1, path, t`edges are not one more than counts`),
    ...when(counts.length > BIN_COUNT, path, t`has more than ${BIN_COUNT} bins`),
    ...when(!isEven(edges), [...path, "edges"], t`do not ascend evenly`),
    ...when(!(reach <= WIDEST), [...path, "edges"], t`are beyond what float32 values reach`),
    ...when(total !== values, path, t`does not count ${values} values`),
  ];
}

/** Bins of one width, but for rounding: they are drawn side by side. */
function isEven(edges: readonly number[]): boolean {
  const [from = 0, to = 0] = [edges[0], edges.at(-1)];
  const width = (to - from) / (edges.length - 1);
  return width > 0 && edges.every((edge, place) => Math.abs(edge - from - place * width) <= 1e-3 * width);
}

/** An input's bins reach twice as far as its values, which its BN may have divided by the root of a small epsilon. */
const WIDEST = 1e60;
