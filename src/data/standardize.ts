import type { Points } from "./points.js";

/** Mean and biased standard deviation of a column over the training set, in float64. */
export interface ColumnScale {
  readonly mean: number;
  readonly deviation: number;
}

/** What was standardized, and by which numbers: those of the training set. */
export interface Standardization {
  /** One entry per input column. */
  readonly inputs?: ColumnScale[];
  readonly targets?: ColumnScale;
}

/** What of the points is to be standardized. */
export interface StandardizationWishes {
  readonly inputs: boolean;
  readonly targets: boolean;
}

/**
 * Mean and biased deviation of each column of `values`, `[rows][columns]`: two passes in float64, the rows in their order,
 * so that every machine finds the same bits. A constant column has a deviation of exactly 0: the sum of up to 2²⁹ equal
 * float32 numbers is exact.
 */
export function columnScales(values: Float32Array, columns: number): ColumnScale[] {
  const rows = values.length / columns;
  return Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += values[row * columns + column] as number;
    const mean = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      const apart = (values[row * columns + column] as number) - mean;
      squares += apart * apart;
    }
    return { mean, deviation: Math.sqrt(squares / rows) };
  });
}

/** The scales of what is to be standardized; undefined where nothing is. */
export function standardizationOf(
  training: Points,
  { inputs, targets }: StandardizationWishes,
): Standardization | undefined {
  if (!inputs && !targets) return undefined;
  return {
    ...(inputs ? { inputs: columnScales(training.x, training.inputs) } : {}),
    ...(targets ? { targets: columnScales(training.y, 1)[0] as ColumnScale } : {}),
  };
}

/** What a column is divided by; one without spread is only centered. */
export function divisorOf({ deviation }: ColumnScale): number {
  return deviation === 0 ? 1 : deviation;
}

/** Input rows by the training set's scales: (x − mean) / deviation in float64, then rounded to float32. */
export function standardizedInputs(x: Float32Array, scales: readonly ColumnScale[] | undefined): Float32Array {
  return scales === undefined
    ? x
    : x.map((value, i) => standardizedBy(value, scales[i % scales.length] as ColumnScale));
}

/** Points as a network sees them; the very same ones where nothing is standardized. */
export function standardizedPoints(points: Points, standardization: Standardization | undefined): Points {
  if (standardization === undefined) return points;
  const { inputs, targets } = standardization;
  return {
    ...points,
    x: standardizedInputs(points.x, inputs),
    y: targets === undefined ? points.y : points.y.map((value) => standardizedBy(value, targets)),
  };
}

/** The assignment to a Float32Array rounds. */
function standardizedBy(value: number, scale: ColumnScale): number {
  return (value - scale.mean) / divisorOf(scale);
}

/** A mean squared error of standardized targets in the squared unit of the targets themselves. */
export function costInOwnUnit(cost: number, targets: ColumnScale | undefined): number {
  if (targets === undefined) return cost;
  const divisor = divisorOf(targets);
  return cost * divisor * divisor;
}

/** A prediction of a standardized target in the target's own unit. */
export function predictionInOwnUnit(prediction: number, targets: ColumnScale | undefined): number {
  return targets === undefined ? prediction : targets.mean + prediction * divisorOf(targets);
}
