import type { Points } from "../data/points.js";
import type { Normalization } from "../model/network.js";
import type { ArmPlan } from "./arm-plans.js";
import { firstFailure } from "./failure.js";
import { inputScaleText, layerName, singlePointText } from "./findings.js";
import type { ArmResult, Warning } from "./result.js";

/** What the arms were trained and measured on. */
export interface Trained {
  readonly arms: Readonly<Record<string, ArmPlan>>;
  readonly results: Readonly<Record<string, ArmResult>>;
  readonly training: Points;
  readonly evaluation: Points;
  /** The training points in the data's own units: other than `training` where that is standardized. */
  readonly original: { readonly training: Points };
  readonly batchSize: number;
  /** The inputs' columns as a given file names them. */
  readonly columns?: { readonly inputs: readonly string[] };
}

/** What about the data, or the batches it is cut into, makes a net fail or a number mean something else. */
export function dataWarningsOf(trained: Trained): Warning[] {
  const { arms, results, training, evaluation, original, batchSize } = trained;
  const names = columnNames(trained);
  return [
    ...constantColumns(original.training, names),
    ...Object.entries(arms).flatMap(([arm, { spec }]) => {
      const { normalization } = spec;
      const result = results[arm];
      return [
        ...(result === undefined ? [] : inputScale(arm, result, training, names)),
        ...(normalization === undefined ? [] : batchesOfOne(arm, normalization, { training, evaluation, batchSize })),
        ...(result?.status !== "diverged" ? [] : zeroVariance(arm, result, spec.sizes.length - 1, names)),
      ];
    }),
  ];
}

function constantColumns({ samples, inputs, x }: Points, names: readonly string[]): Warning[] {
  if (samples < 2) return [];
  return Array.from({ length: inputs }, (_, i) => i).flatMap((i): Warning[] => {
    const value = x[i] as number;
    for (let s = 1; s < samples; s++) if (x[s * inputs + i] !== value) return [];
    const column = names[i] as string;
    return [
      {
        code: "constant-column",
        column,
        value,
        text: `column ${column} is ${value} on every training point: it tells a net nothing, and what float32 rounds in it BN divides by √ε; leave it out`,
      },
    ];
  });
}

/** Where an arm fails for nothing but the size of its input, the column that is largest. */
function inputScale(arm: string, result: ArmResult, training: Points, names: readonly string[]): Warning[] {
  const failure = firstFailure(result);
  if (failure?.inputScale === undefined) return [];
  const { samples, inputs, x } = training;
  const squares = Array.from({ length: inputs }, (_, i) => {
    let sum = 0;
    for (let s = 0; s < samples; s++) sum += (x[s * inputs + i] as number) ** 2;
    return sum / samples;
  });
  const value = Math.max(...squares);
  const column = names[squares.indexOf(value)] as string;
  const { limit } = failure.inputScale;
  const where = layerName(failure.layer, failure.layers);
  return [
    {
      code: "input-scale",
      arm,
      column,
      value,
      limit,
      text:
        `${arm}: ${where} is ${failure.verdict} at update ${failure.update} because of ${inputScaleText({ value, limit })} ` +
        `(column ${column}); standardizeInputs takes the columns' means and deviations out`,
    },
  ];
}

/** Batches, ghost batches and evaluations whose statistics are those of one point: a variance of 0, or its own square. */
function batchesOfOne(
  arm: string,
  { ghostBatchSize, transform, affine, epsilon }: Normalization,
  { training, evaluation, batchSize }: Pick<Trained, "training" | "evaluation" | "batchSize">,
): Warning[] {
  const outputs =
    transform === "scale"
      ? "sign"
      : epsilon === 0 && transform !== "center"
        ? "undefined"
        : affine === false
          ? "zero"
          : "beta";
  const what = singlePointText({ outputs });
  const groupsOfOne = (samples: number) => {
    const size = Math.min(ghostBatchSize ?? samples, samples);
    return size === 1 ? samples : samples % size === 1 ? 1 : 0;
  };
  const rest = training.samples % batchSize;
  const full = Math.floor(training.samples / batchSize);
  const value = full * groupsOfOne(batchSize) + (rest === 0 ? 0 : groupsOfOne(rest));
  const kind = ghostBatchSize === undefined ? "batch" : "ghost batch";
  const batches =
    batchSize === 1 || ghostBatchSize === 1
      ? `every ${kind} holds one point: with its own mean and variance ${what}; take batches of two points or more`
      : `in every pass ${value === 1 ? `one ${kind} holds` : `${value} ${kind}es hold`} a single point (${training.samples} points in batches of ${ghostBatchSize ?? batchSize}): there ${what}, and its variance of 0 enters the moving averages; take a size that leaves no single point over`;
  const measured = groupsOfOne(evaluation.samples);
  return [
    ...(value === 0 ? [] : [{ code: "batch-of-one", arm, value, outputs, text: `${arm}: ${batches}` } as const]),
    ...(measured === 0 || evaluation === training
      ? []
      : [
          {
            code: "evaluation-of-one",
            arm,
            outputs,
            value: measured,
            text: `${arm}: its cost with batch statistics is measured on ${measured === 1 ? "a single point" : "single points"}, where ${what}; give more test points`,
          } as const,
        ]),
  ];
}

function zeroVariance(
  arm: string,
  { divergence }: ArmResult & { status: "diverged" },
  layers: number,
  names: readonly string[],
): Warning[] {
  const { cause, layer, tensor, update } = divergence;
  if (cause === undefined) return [];
  const isInput = tensor === "layerInput" && layer === 0;
  const of = isInput
    ? `column ${names[cause.feature]}`
    : `unit ${cause.feature + 1} of ${layerName(tensor === "layerInput" ? layer - 1 : layer, layers)}`;
  return [
    {
      code: "zero-variance",
      arm,
      value: 0,
      text:
        `${arm}: epsilon is 0, and ${of} is the same on every point of the batch at update ${update}, so BN divides ` +
        "0 by 0; give an epsilon above 0",
    },
  ];
}

/** The inputs' columns: as given, or x, or x1, x2, … */
function columnNames({ columns, training: { inputs } }: Trained): readonly string[] {
  return columns?.inputs ?? (inputs === 1 ? ["x"] : Array.from({ length: inputs }, (_, i) => `x${i + 1}`));
}
