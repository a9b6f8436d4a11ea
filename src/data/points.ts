/**
 * Samples with their targets, row-major float32: `x` is `[samples][inputs]`, `y` is `[samples][targets]`, of classes one
 * label a sample.
 */
export interface Points {
  readonly samples: number;
  readonly inputs: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Where a sample is an image: x is `[samples][height × width × channels]`, a pixel's channels side by side. */
  readonly image?: ImageForm;
}

export interface ImageForm {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Some of the samples, or all in another order: sample i of the answer is sample `indices[i]`. */
export function samplesAt({ samples, inputs, x, y, ...form }: Points, indices: ArrayLike<number>): Points {
  return {
    ...form,
    samples: indices.length,
    inputs,
    x: chosenRows(x, inputs, indices),
    y: chosenRows(y, y.length / samples, indices),
  };
}

function chosenRows(values: Float32Array, columns: number, indices: ArrayLike<number>): Float32Array {
  const chosen = new Float32Array(indices.length * columns);
  for (let to = 0; to < indices.length; to++) {
    const from = (indices[to] as number) * columns;
    chosen.set(values.subarray(from, from + columns), to * columns);
  }
  return chosen;
}
