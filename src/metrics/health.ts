import type { LayerObservation, Observation, Values } from "../engines/engine.js";
import { type Activation, type ActivationName, activations, steepRegion } from "../model/activations.js";
import { limit } from "../outcome/limits.js";
import type { Health } from "../record/layers.js";
import { statistic } from "../record/statistic.js";
import { shareOutside } from "./distribution.js";
import { root } from "./roots.js";
import { judge } from "./verdict-rules.js";

/** How many units each layer has, and the mean of the squared targets where they have a scale. */
export interface OutputScale {
  /** By layer, the outputs last; of images channels, whose values are samples × pixels. */
  readonly units: readonly number[];
  readonly targetSquare?: number;
}

/** A state's layers, judged in the order of the forward pass. */
export function healthOf(
  activation: ActivationName,
  { layers }: Observation,
  { units: unitsOf, targetSquare }: OutputScale,
): Health[] {
  const last = layers.length - 1;
  let before: number | undefined;
  return layers.map((layer, index) => {
    const units = unitsOf[index] ?? 0;
    const secondMoment = meanSquare(layer.preActivation);
    before ??= meanSquare(layer.layerInput);
    const growth = before > 0 && Number.isFinite(before) ? secondMoment / before : undefined;
    before = secondMoment;
    const gradientGrowth = gradientGrowthOf(layers, index);
    const { saturatedBeyond, silentBelowZero } = index === last ? noLimits : (activations[activation] as Activation);
    const steep = index === last ? undefined : steepRegion(activation);
    const { silentUnits, constantUnits } = countUnits(layer.preActivation, units);
    const measured = {
      units,
      secondMoment: statistic(secondMoment),
      ...(growth === undefined ? {} : { growth: statistic(growth) }),
      ...(gradientGrowth === undefined ? {} : { gradientGrowth: statistic(gradientGrowth) }),
      ...(saturatedBeyond === undefined ? {} : { saturatedShare: shareOutside(layer.preActivation, saturatedBeyond) }),
      ...(steep === undefined ? {} : { flatShare: shareOutside(layer.preActivation, steep) }),
      ...(silentBelowZero ? { silentUnits } : {}),
      constantUnits,
    };
    const judgment = judge({
      isOutput: index === last,
      secondMoment,
      growth,
      saturated: measured.saturatedShare ?? 0,
      silent: (measured.silentUnits ?? 0) / units,
      constant: constantUnits / units,
      arriving: arrivingShare(layers, index),
      targetSquare,
    });
    return { ...judgment, ...measured };
  });
}

const noLimits: Pick<Activation, "saturatedBeyond" | "silentBelowZero"> = {};

function meanSquare(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return sum / values.length;
}

/** `values` is `[units][samples]`. */
function countUnits(values: Values, units: number): { silentUnits: number; constantUnits: number } {
  const samples = values.length / units;
  let [silentUnits, constantUnits] = [0, 0];
  for (let unit = 0; unit < units; unit++) {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = unit * samples; i < (unit + 1) * samples; i++) {
      min = Math.min(min, values[i] as number);
      max = Math.max(max, values[i] as number);
    }
    if (max <= 0) silentUnits += 1;
    if (max - min <= limit("constant-unit") * Math.max(Math.abs(min), Math.abs(max))) constantUnits += 1;
  }
  return { silentUnits, constantUnits };
}

/** (‖∂C/∂u_l‖ / ‖∂C/∂u_L‖)^(1/(L − l)) with L the output layer. */
function gradientGrowthOf(layers: readonly LayerObservation[], index: number): number | undefined {
  const ratio = arrivingShare(layers, index);
  return ratio !== undefined && ratio > 0 ? root(ratio, layers.length - 1 - index) : undefined;
}

/** ‖∂C/∂u_l‖ / ‖∂C/∂u_L‖ with L the output layer; undefined there, and where it or a norm in it is not finite. */
function arrivingShare(layers: readonly LayerObservation[], index: number): number | undefined {
  const last = layers.length - 1;
  if (index === last) return undefined;
  const [here, output] = [index, last].map((l) => (layers[l] as LayerObservation).gradientNorms.preActivation);
  const ratio = (here as number) / (output as number);
  return Number.isFinite(ratio) && Number.isFinite(output) ? ratio : undefined;
}
