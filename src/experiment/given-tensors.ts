import type { Points } from "../data/points.js";
import { usageError } from "../errors.js";
import { readSafetensors, writeSafetensors } from "../model/safetensors.js";
import { problemsOf } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { listed } from "../text/listed.js";

/**
 * Reads points from the tensors `x` `[samples, columns]`, or of images `[samples, height, width, channels]`, and `y` `[samples, outputs]` or `[samples]`, rounded to float32.
 * `y` may be of whole numbers (labels). Throws a usage error that lists everything that does not fit.
 */
export function readTensorPoints(bytes: Uint8Array, file: string): { points: Points; notices: readonly string[] } {
  const { tensors, integers, unread } = readSafetensors(bytes, file);
  const [x, y] = [tensors.get("x"), tensors.get("y") ?? integers.get("y")];
  const faults = (["x", "y"] as const).flatMap((name) => {
    const tensor = name === "x" ? x : y;
    const dtype = unread.get(name);
    const types = `F64, F32, F16 or BF16${name === "x" ? "" : ", or labels of U8, I32 or I64"}`;
    if (tensor === undefined)
      return [
        dtype === undefined ? `the tensor ${name} is missing` : `${name} is ${excerpt(dtype)}; it must be ${types}`,
      ];
    const { shape } = tensor;
    const isRight = shape.length === 2 || shape.length === (name === "y" ? 1 : 4);
    const form =
      name === "x"
        ? "[samples, columns] or, of images, [samples, height, width, channels]"
        : "[samples, outputs] or, of labels, [samples]";
    if (!isRight || shape.includes(0)) return [`${name} has shape [${shape.join(", ")}]; it must be ${form}`];
    const wrong = Float32Array.from(tensor.data).findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return [];
    const point = Math.floor(wrong / (tensor.data.length / (shape[0] ?? 1))) + 1;
    return [`${name} has ${tensor.data[wrong]} at point ${point}, which is not a finite float32 number`];
  });
  const [samples = 0, ...form] = x?.shape ?? [];
  const inputs = form.reduce((product, size) => product * size, 1);
  const [height, width, channels] = form;
  const image =
    height === undefined || width === undefined || channels === undefined ? {} : { image: { height, width, channels } };
  if (faults.length === 0 && y?.shape[0] !== samples) faults.push(`x has ${samples} points, and y has ${y?.shape[0]}`);
  if (x === undefined || y === undefined || faults.length > 0)
    throw usageError(problemsOf(faults.map((fault) => `${file}: ${fault}`)).lines());
  const others = [...tensors.keys(), ...unread.keys()].filter((name) => name !== "x" && name !== "y");
  return {
    points: { samples, inputs, x: Float32Array.from(x.data), y: Float32Array.from(y.data), ...image },
    notices: others.length === 0 ? [] : [`${file}: not used: ${listed(others)}`],
  };
}

/** Points as such a file holds them. */
export function tensorPoints({ samples, inputs, x, y, image }: Points): Uint8Array {
  const form = image === undefined ? [inputs] : [image.height, image.width, image.channels];
  const targets = y.length / samples;
  return writeSafetensors(
    new Map([
      ["x", { shape: [samples, ...form], data: x }],
      ["y", { shape: targets === 1 ? [samples] : [samples, targets], data: y }],
    ]),
    {},
  );
}
