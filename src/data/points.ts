/** Samples with their targets, row-major float32: `x` is `[samples][inputs]`, `y` is `[samples]`. */
export interface Points {
  readonly samples: number;
  readonly inputs: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** The same samples in another order: sample i of the answer is sample `order[i]`. */
export function inOrder(points: Points, order: Int32Array): Points {
  const { samples, inputs } = points;
  const x = new Float32Array(samples * inputs);
  const y = new Float32Array(samples);
  order.forEach((from, to) => {
    x.set(points.x.subarray(from * inputs, (from + 1) * inputs), to * inputs);
    y[to] = points.y[from] as number;
  });
  return { samples, inputs, x, y };
}
