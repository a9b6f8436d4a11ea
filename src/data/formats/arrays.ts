import { t } from "../../text/language.js";
import type { Points } from "../points.js";

/** Numbers of any type, row-major. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

const FORMS = {
  x: t`[samples, columns] or, of images, [samples, height, width, channels]`,
  y: t`[samples, outputs] or, of labels, [samples]`,
} as const;

/** What keeps an array from being the points' inputs `x` or targets `y`. */
export function arrayFault(name: keyof typeof FORMS, { shape, data }: NumberArray): string | undefined {
  const isRight = shape.length === 2 || shape.length === (name === "y" ? 1 : 4);
  if (!isRight || shape.includes(0)) return t`${name} has shape [${shape.join(", ")}]; it must be ${FORMS[name]}`;
  const wrong = Float32Array.from(data).findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return undefined;
  const point = Math.floor(wrong / (data.length / (shape[0] ?? 1))) + 1;
  return t`${name} has ${data[wrong]} at point ${point}, which is not a finite float32 number`;
}

/** Points whose arrays are without fault and of as many samples, rounded to float32. */
export function pointsOfArrays(x: NumberArray, y: NumberArray): Points {
  const [samples = 0, ...form] = x.shape;
  const [height, width, channels] = form;
  const image =
    height === undefined || width === undefined || channels === undefined ? {} : { image: { height, width, channels } };
  const inputs = form.reduce((product, size) => product * size, 1);
  return { samples, inputs, x: Float32Array.from(x.data), y: Float32Array.from(y.data), ...image };
}
