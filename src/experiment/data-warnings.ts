import type { Points } from "../data/points.js";
import { hasMovingAverages, type Normalization } from "../model/network.js";
import { firstFailure } from "../outcome/failure.js";
import type { ArmResult } from "../record/arms.js";
import type { Warning } from "../record/warnings.js";
import type { ArmPlan } from "./arm-plans.js";

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
    // Pixels at an edge are often the same in all images.
    ...(original.training.image === undefined ? constantColumns(original.training, names) : []),
    ...Object.entries(arms).flatMap(([arm, { spec }]) => {
      const { normalization } = spec;
      const result = results[arm];
      return [
        ...(result === undefined ? [] : inputScale(arm, result, training, names)),
        ...(normalization === undefined || !hasMovingAverages(spec)
          ? []
          : batchesOfOne(arm, normalization, { training, evaluation, batchSize })),
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
    return [{ code: "constant-column", column: names[i] as string, value }];
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
  const { verdict, update, layer, layers } = failure;
  return [{ code: "input-scale", arm, column, value, limit, verdict, update, layer, layers }];
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
  const groupsOfOne = (samples: number) => {
    const size = Math.min(ghostBatchSize ?? samples, samples);
    return size === 1 ? samples : samples % size === 1 ? 1 : 0;
  };
  const rest = training.samples % batchSize;
  const full = Math.floor(training.samples / batchSize);
  const value = full * groupsOfOne(batchSize) + (rest === 0 ? 0 : groupsOfOne(rest));
  const kind = ghostBatchSize === undefined ? "batch" : "ghost-batch";
  const { samples } = training;
  const measured = groupsOfOne(evaluation.samples);
  return [
    ...(value === 0
      ? []
      : [{ code: "batch-of-one", arm, value, outputs, kind, size: ghostBatchSize ?? batchSize, samples } as const]),
    ...(measured === 0 || evaluation === training
      ? []
      : [{ code: "evaluation-of-one", arm, value: measured, outputs } as const]),
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
  const { feature } = cause;
  const norm = tensor === "layerInput" ? layer - 1 : layer;
  const place = norm < 0 ? { column: names[feature] as string } : { unit: { layer: norm, unit: feature, layers } };
  return [{ code: "zero-variance", arm, update, ...place }];
}

/** The inputs' columns: as given, or x, or x1, x2, … */
function columnNames({ columns, training: { inputs } }: Trained): readonly string[] {
  return columns?.inputs ?? (inputs === 1 ? ["x"] : Array.from({ length: inputs }, (_, i) => `x${i + 1}`));
}
