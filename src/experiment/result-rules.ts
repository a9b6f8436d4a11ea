import { isDeepStrictEqual } from "node:util";
import { evenIndices } from "../data/sample.js";
import { FLOAT32_MAX } from "../engines/engine.js";
import { inputShape, networkOfNamed } from "../model/layers/index.js";
import type { ArmResult, SeedArm } from "../record/arms.js";
import type { ResultClasses } from "../record/data.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { armFaults, courseFaults, NOT_RISING, rises } from "./arm-rules.js";
import { MOST_EXAMPLES, MOST_SIDE } from "./classes.js";
import { effectFaults } from "./effect-rules.js";
import { type Path, type ResultFault, when } from "./result-fault.js";
import { GRID_POINTS } from "./run.js";

/**
 * What must fit together in a result and no single value's type says: what is drawn, counted, repeated and said rests on
 * it. A run cannot make a result that has a fault. That the configuration is one is checked by `recordedConfiguration`.
 */
export function faultsOf(result: Result): ResultFault[] {
  const { arms, seeds, roundingProbe, pairing, warnings } = result;
  const names = Object.keys(arms);
  const same = (others: Readonly<Record<string, unknown>>, path: Path) => {
    const isSame = Object.keys(others).length === names.length && names.every((name) => Object.hasOwn(others, name));
    return when(!isSame, path, t`are not the result's arms`);
  };
  return [
    ...when(names.length === 0, ["arms"], t`no arm is there`),
    ...configFaults(result),
    ...dataFaults(result),
    ...same(result.config.arms, ["config", "arms"]),
    ...same(pairing.arms, ["pairing", "arms"]),
    ...pairing.differences.flatMap(({ arm }, place) =>
      when(!names.includes(arm), ["pairing", "differences", place, "arm"], t`is no arm of the result`),
    ),
    ...seedFaults(result, same),
    ...Object.entries(arms).flatMap(([name, arm]) => [
      ...armFaults(arm, ["arms", name], result),
      ...when(
        !isDeepStrictEqual(inShort(arm), ownEntry(seeds[0]?.arms ?? {}, name)),
        ["seeds", 0, "arms", name],
        t`is not what arms holds of the first seed`,
      ),
    ]),
    ...effectFaults(result),
    ...(roundingProbe === undefined ? [] : same(roundingProbe.arms, ["roundingProbe", "arms"])),
    ...Object.entries(roundingProbe?.arms ?? {}).flatMap(([name, arm]) =>
      probeFaults(arm, ["roundingProbe", "arms", name], result),
    ),
    ...referenceFaults(result.referenceCosts, ["referenceCosts"]),
    ...seeds.flatMap(({ referenceCosts }, place) =>
      referenceFaults(referenceCosts, ["seeds", place, "referenceCosts"]),
    ),
    ...warnings.flatMap((warning, place) =>
      when("arm" in warning && !names.includes(warning.arm), ["warnings", place, "arm"], t`is no arm of the result`),
    ),
  ];
}

/** What the configuration says twice. */
function configFaults({ config, data, engine, roundingProbe }: Result): ResultFault[] {
  const { sizes, hiddenLayers, width, layers } = config;
  const at = (key: string): Path => ["config", key];
  const hidden = sizes.slice(1, -1);
  const isNetwork = sizes.length >= 3 && sizes.every((units) => units >= 1);
  const pixels = config.image === undefined ? 1 : config.image.height * config.image.width;
  const input = inputShape(sizes[0] ?? 0, config.image && { ...config.image, channels: sizes[0] ?? 0 });
  const counted = hiddenLayers === hidden.length && hidden.every((units) => units === width);
  return [
    ...when(!isNetwork, at("sizes"), t`an input, a hidden layer and an output are the least`),
    ...when(
      (sizes[0] ?? 0) * pixels !== data.inputs,
      at("sizes"),
      config.image === undefined
        ? t`the first is not data.inputs, ${data.inputs}`
        : t`the first times the pixels is not data.inputs, ${data.inputs}`,
    ),
    ...when(
      !counted && (hiddenLayers !== undefined || width !== undefined || (config.weights ?? layers) === undefined),
      at("sizes"),
      t`are not hiddenLayers times width`,
    ),
    ...when(
      layers !== undefined && !isDeepStrictEqual(sizes, networkOfNamed(layers, input).sizes),
      at("sizes"),
      t`are not those of layers`,
    ),
    ...when(
      config.samples !== data.trainingSamples,
      at("samples"),
      t`is not data.trainingSamples, ${data.trainingSamples}`,
    ),
    ...when(config.batchSize > config.samples, at("batchSize"), t`is more than the samples`),
    ...when(
      config.data === undefined && data.evaluationSamples !== (config.testSamples || config.samples),
      at("testSamples"),
      t`is not data.evaluationSamples, ${data.evaluationSamples}`,
    ),
    ...when(config.data === undefined && config.dataset === undefined, at("dataset"), t`neither it nor data is there`),
    ...when(config.engine !== engine.name, at("engine"), t`is not engine.name`),
    ...when(config.backend !== engine.backend, at("backend"), t`is not engine.backend`),
    ...when(
      (roundingProbe?.repeats ?? 0) !== config.roundingProbe,
      at("roundingProbe"),
      t`is not roundingProbe.repeats`,
    ),
  ];
}

/** Points, as far as they are drawn. */
function dataFaults(result: Result): ResultFault[] {
  const { drawn, grid, inputs, trainingSamples, observedSamples, classes } = result.data;
  const isFloat32 = (values: readonly number[]) => values.every((value) => Math.abs(value) <= FLOAT32_MAX);
  const where: Path = ["data", "drawn"];
  const observed = evenIndices(trainingSamples, result.config.image).length;
  return [
    ...when(observedSamples !== observed, ["data", "observedSamples"], t`is not ${observed} of ${trainingSamples}`),
    ...when(
      drawn.y.length > observed || (drawn.y.length === 0 && hasOneTarget(result)),
      [...where, "y"],
      t`does not have 1 to ${observed} points`,
    ),
    ...when((drawn.x !== undefined) !== (inputs === 1), [...where, "x"], t`is for one input column, and there always`),
    ...when(
      drawn.x !== undefined && drawn.y.length > 0 && drawn.x.length !== drawn.y.length,
      [...where, "x"],
      t`is not as long as y`,
    ),
    ...when(!isFloat32(drawn.x ?? []), [...where, "x"], t`contains a number beyond float32`),
    ...when(!isFloat32(drawn.y), [...where, "y"], t`contains a number beyond float32`),
    ...when((grid !== undefined) !== (inputs === 1), ["data", "grid"], t`is for one input column, and there always`),
    ...when(
      grid !== undefined && grid.length !== GRID_POINTS,
      ["data", "grid"],
      t`does not have ${GRID_POINTS} points`,
    ),
    ...when(!isFloat32(grid ?? []), ["data", "grid"], t`contains a number beyond float32`),
    ...when(grid?.some((x, place) => x < (grid[place - 1] ?? x)) ?? false, ["data", "grid"], t`does not ascend`),
    ...(classes === undefined ? [] : classFaults(classes, result)),
  ];
}

/** Labeled images, as far as they are counted and shown. */
function classFaults({ training, evaluation, examples }: ResultClasses, { config, data }: Result): ResultFault[] {
  const at = (key: keyof ResultClasses): Path => ["data", "classes", key];
  const outputs = config.sizes.at(-1) ?? 0;
  const isCount = (counts: readonly number[], samples: number) =>
    counts.length === outputs && counts.reduce((sum, count) => sum + count, 0) === samples;
  const { height = 0, width = 0, channels = 1, images = [] } = examples ?? {};
  const pixels = new RegExp(`^[0-9a-f]{${2 * channels * Math.min(height, MOST_SIDE) * Math.min(width, MOST_SIDE)}}$`);
  const isShown =
    Math.max(height, width) <= MOST_SIDE &&
    images.length === outputs &&
    images.every((own) => own.length <= MOST_EXAMPLES && own.every((image) => pixels.test(image)));
  return [
    ...when(config.image === undefined, ["data", "classes"], t`is for images`),
    ...when(!isCount(training, data.trainingSamples), at("training"), t`do not add up to data.trainingSamples`),
    ...when(
      evaluation !== undefined && !isCount(evaluation, data.evaluationSamples),
      at("evaluation"),
      t`do not add up to data.evaluationSamples`,
    ),
    ...when(examples !== undefined && !isShown, at("examples"), t`are not a few small pictures of each label`),
  ];
}

/** Whether a sample's target is one number. */
function hasOneTarget({ config, referenceCosts }: Result): boolean {
  return referenceCosts.chance !== undefined || config.sizes.at(-1) === 1;
}

function seedFaults(
  result: Result,
  sameArms: (others: Readonly<Record<string, unknown>>, path: Path) => ResultFault[],
): ResultFault[] {
  const { config, seeds } = result;
  const numbers = seeds.map(({ seed }) => seed);
  return [
    ...when(config.seeds[0] !== config.seed, ["config", "seed"], t`is not the first of config.seeds`),
    ...when(new Set(numbers).size < numbers.length, ["seeds"], t`a seed is there twice`),
    ...when(!isDeepStrictEqual(numbers, config.seeds), ["seeds"], t`are not config.seeds`),
    ...seeds.flatMap(({ arms }, place) => [
      ...sameArms(arms, ["seeds", place, "arms"]),
      ...(place === 0 ? [] : Object.entries(arms)).flatMap(([name, arm]) =>
        courseFaults(arm, ["seeds", place, "arms", name], result),
      ),
    ]),
  ];
}

/** Costs that mean something without a network are squares of float32 numbers. */
function referenceFaults(costs: Result["referenceCosts"], path: Path): ResultFault[] {
  return Object.entries(costs).flatMap(([name, cost = 0]) =>
    when(!(cost >= 0 && cost <= FLOAT32_MAX ** 3), [...path, name], t`is no cost of float32 numbers`),
  );
}

function probeFaults({ costs, diverged, finals }: Probed, path: Path, { config }: Result): ResultFault[] {
  const unordered = costs.findIndex(({ train, inference = train }) =>
    [train, inference].some(({ low, median, high }) => !(low >= 0 && low <= median && median <= high)),
  );
  return [
    ...when(diverged + finals.length !== config.roundingProbe, path, t`does not end config.roundingProbe times`),
    ...when(!rises(costs, config.updates), [...path, "costs"], NOT_RISING),
    ...when(unordered >= 0, [...path, "costs", unordered], t`low, median and high do not ascend from at least 0`),
  ];
}

type Probed = NonNullable<Result["roundingProbe"]>["arms"][string];

/** What of an arm is recorded for every seed. */
function inShort(arm: ArmResult): SeedArm {
  const { status, costs } = arm;
  return status === "trained" ? { status, costs, final: arm.final } : { status, costs, divergence: arm.divergence };
}
