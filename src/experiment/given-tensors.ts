import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { arrayFault, type NumberArray, pointsOfArrays } from "../data/formats/arrays.js";
import { readNpy } from "../data/formats/npy.js";
import type { Points } from "../data/points.js";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { readInput } from "../input-file.js";
import { readSafetensors, writeSafetensors } from "../model/safetensors.js";
import { problemsOf } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { listed } from "../text/listed.js";

/** Points of a file or a pair of files, and what is to be said about them. */
export interface TensorPoints {
  readonly points: Points;
  readonly notices: readonly string[];
}

/** Inputs and targets, each with the file that has them; a fault where it has none. */
interface Pair {
  readonly x: NumberArray | string;
  readonly y: NumberArray | string;
  readonly files: { readonly x: string; readonly y: string };
}

/** Throws a usage error that lists everything that does not fit. */
function pointsOf({ x, y, files }: Pair): Points {
  const faults = (["x", "y"] as const).flatMap((name) => {
    const array = name === "x" ? x : y;
    const fault = typeof array === "string" ? array : arrayFault(name, array);
    return fault === undefined ? [] : [`${files[name]}: ${fault}`];
  });
  if (typeof x !== "string" && typeof y !== "string" && faults.length === 0 && y.shape[0] !== x.shape[0])
    faults.push(t`${files.y}: x has ${x.shape[0]} points, and y has ${y.shape[0]}`);
  if (typeof x === "string" || typeof y === "string" || faults.length > 0) throw usageError(problemsOf(faults).lines());
  return pointsOfArrays(x, y);
}

/**
 * Reads points from the tensors `x` `[samples, columns]`, or of images `[samples, height, width, channels]`, and `y`
 * `[samples, outputs]` or `[samples]`, which may be of whole numbers (labels). Throws expected errors.
 */
export function readTensorPoints(file: string): TensorPoints {
  const { tensors, integers, unread } = readSafetensors(readInput(file, "tensors"), file);
  const found = (name: "x" | "y", tensor: NumberArray | undefined) => {
    const dtype = unread.get(name);
    const types = name === "x" ? t`F64, F32, F16 or BF16` : t`F64, F32, F16 or BF16, or labels of U8, I32 or I64`;
    if (tensor !== undefined) return tensor;
    return dtype === undefined
      ? t`the tensor ${name} is missing`
      : t`${name} is ${excerpt(dtype)}; it must be ${types}`;
  };
  const points = pointsOf({
    x: found("x", tensors.get("x")),
    y: found("y", tensors.get("y") ?? integers.get("y")),
    files: { x: file, y: file },
  });
  const others = [...tensors.keys(), ...unread.keys()].filter((name) => name !== "x" && name !== "y");
  return { points, notices: others.length === 0 ? [] : [t`${file}: not used: ${listed(others)}`] };
}

/** What the brightest byte of an image is divided by. */
const BRIGHTEST = 255;

/**
 * Reads points from two arrays of NumPy: the inputs in a file whose name starts with x, as `x.npy` or `X_train.npy`, and
 * beside it the targets in one of the same name with y, as `y_train.npy`. Images of bytes have values from 0 to 1 then, and
 * those without an axis of channels have one. Throws expected errors.
 */
export function readNumpyPoints(file: string): TensorPoints {
  const rest = /^x(.*)$/i.exec(basename(file))?.[1];
  if (rest === undefined)
    throw usageError(
      t`${file}: the name of an array of inputs must start with x, like x.npy, and that of its targets beside it with y, like y.npy`,
    );
  const names = ["y", "Y"].map((start) => join(dirname(file), `${start}${rest}`));
  const targets = names.find((name) => existsSync(name));
  if (!existsSync(file)) readInput(file, "tensors");
  if (targets === undefined)
    throw new ExpectedError(
      EXIT.file,
      t`cannot read ${names[0]}: it does not exist; it has the targets of ${basename(file)}`,
    );
  const [x, y] = [file, targets].map((path) => readNpy(readInput(path, "tensors"), path)) as [NpyRead, NpyRead];
  const isImage = x.shape.length > 2;
  const data = isImage && x.type === "u1" ? Float32Array.from(x.data, (value) => value / BRIGHTEST) : x.data;
  const shape = x.shape.length === 3 ? [...x.shape, 1] : x.shape;
  return { points: pointsOf({ x: { shape, data }, y, files: { x: file, y: targets } }), notices: [] };
}

type NpyRead = ReturnType<typeof readNpy>;

/** Points as a file of tensors holds them. */
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
