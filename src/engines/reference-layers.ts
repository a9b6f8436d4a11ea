import type { Arrangement } from "../model/layers/arrangement.js";
import { pixelsOf, type ReshapingStep, type Stage, windowPadding } from "../model/layers/stages.js";
import { at } from "../model/rows.js";

/*
 * What layers of images do to a matrix `[channels][samples × pixels]` in float64: every value of the output is one of the
 * input, or a mean or maximum of some. So each step is a list of pairs, and its backward pass sends gradients the same ways
 * back.
 */

/**
 * What the kernel of a convolution is multiplied with: `[kh · kw · channels][samples × pixels of the output]`, 0 where the
 * kernel looks beyond the image.
 */
export function gathered(stage: Stage, a: Float64Array, samples: number): Float64Array {
  const rows = new Float64Array(stage.kernel[0] * stage.kernel[1] * stage.from.channels * samples * pixelsOf(stage.to));
  eachTap(stage, samples, (row, from) => {
    rows[row] = at(a, from);
  });
  return rows;
}

/** ∂C/∂a of the gradient with respect to `gathered(a)`. */
export function scattered(stage: Stage, gradient: Float64Array, samples: number): Float64Array {
  const input = new Float64Array(stage.from.channels * samples * pixelsOf(stage.from));
  eachTap(stage, samples, (row, from) => {
    input[from] = at(input, from) + at(gradient, row);
  });
  return input;
}

/** Every value under the kernel, as its place in the gathered matrix and in the input. */
function eachTap(stage: Stage, samples: number, visit: (row: number, from: number) => void): void {
  const { from, to, kernel, stride } = stage;
  const { top, left } = windowPadding(stage);
  const [pixels, outputs] = [pixelsOf(from), pixelsOf(to)];
  const [height, width] = kernel;
  for (let tap = 0; tap < height * width; tap++) {
    for (let output = 0; output < outputs; output++) {
      const y = Math.floor(output / to.width) * stride + Math.floor(tap / width) - top;
      const x = (output % to.width) * stride + (tap % width) - left;
      if (y < 0 || y >= from.height || x < 0 || x >= from.width) continue;
      for (let c = 0; c < from.channels; c++)
        for (let s = 0; s < samples; s++)
          visit(
            ((tap * from.channels + c) * samples + s) * outputs + output,
            (c * samples + s) * pixels + y * from.width + x,
          );
    }
  }
}

/** A reshaping and its backward pass: ∂C/∂input from ∂C/∂output. */
export interface Reshaped {
  readonly step: ReshapingStep;
  readonly output: Float64Array;
  readonly backward: (gradient: Float64Array) => Float64Array;
}

export function reshape(step: ReshapingStep, a: Float64Array, samples: number): Reshaped {
  const { kind, from, to } = step;
  const [pixels, outputs] = [pixelsOf(from), pixelsOf(to)];
  /** For every value of the output in turn, the place of value `i` of those that it is made of. */
  const sources = new Int32Array(to.channels * samples * outputs);
  const output = new Float64Array(sources.length);
  const weight = kind === "mean" ? 1 / pixels : 1;
  for (let c = 0; c < to.channels; c++) {
    for (let s = 0; s < samples; s++) {
      for (let p = 0; p < outputs; p++) {
        const i = (c * samples + s) * outputs + p;
        const image = ((kind === "flatten" ? c % from.channels : c) * samples + s) * pixels;
        if (kind === "max")
          sources[i] = firstMaximum(
            a,
            image + 2 * Math.floor(p / to.width) * from.width + 2 * (p % to.width),
            from.width,
          );
        else sources[i] = kind === "flatten" ? image + Math.floor(c / from.channels) : image;
        if (kind === "mean") for (let q = 0; q < pixels; q++) output[i] = at(output, i) + weight * at(a, image + q);
        else output[i] = at(a, at(sources, i));
      }
    }
  }
  const backward = (gradient: Float64Array) => {
    const input = new Float64Array(a.length);
    gradient.forEach((value, i) => {
      const source = at(sources, i);
      for (let q = 0; q < (kind === "mean" ? pixels : 1); q++)
        input[source + q] = at(input, source + q) + weight * value;
    });
    return input;
  };
  return { step, output, backward };
}

/** Of the 2 × 2 values from `place` on, the first of the largest, row by row; the first NaN where one is. */
function firstMaximum(a: Float64Array, place: number, width: number): number {
  let best = place;
  for (const next of [place + 1, place + width, place + width + 1]) {
    if (Number.isNaN(at(a, best))) break;
    if (!(at(a, next) <= at(a, best))) best = next;
  }
  return best;
}

/** `[channels][samples × pixels]` as a normalization sees it. */
export function arranged(arrangement: Arrangement, z: Float64Array, samples: number): Float64Array {
  return moved(arrangement, z, samples, (from, to, kept, seen) => {
    to[seen] = at(from, kept);
  });
}

/** The other way. */
export function kept(arrangement: Arrangement, u: Float64Array, samples: number): Float64Array {
  return moved(arrangement, u, samples, (from, to, keptAt, seen) => {
    to[keptAt] = at(from, seen);
  });
}

function moved(
  { columns, isKept, place, shape }: Arrangement,
  from: Float64Array,
  samples: number,
  move: (from: Float64Array, to: Float64Array, kept: number, seen: number) => void,
): Float64Array {
  if (isKept) return from;
  const to = new Float64Array(from.length);
  const pixels = pixelsOf(shape);
  for (let c = 0; c < shape.channels; c++) {
    for (let p = 0; p < pixels; p++) {
      const [row, column] = place(c, p);
      for (let s = 0; s < samples; s++)
        move(from, to, (c * samples + s) * pixels + p, (row * samples + s) * columns + column);
    }
  }
  return to;
}
