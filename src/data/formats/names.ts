import { t } from "../../text/language.js";
/** The name of the bundled images of handwritten digits, where a file of points is asked for. */
export const DIGITS = "digits";

/**
 * Formats of points that are no columns of text, by how the key `data` asks for them: in a file with an ending, or behind a
 * prefix. `isSet`: a whole set of images, which may have test images of its own.
 */
const FORMS = {
  digits: { name: /^digits$/, prefix: "", what: t`a set of images`, isSet: true },
  idx: { name: /^idx:./, prefix: "idx:", what: t`a set of images`, isSet: true },
  cifar10: { name: /^cifar10:./, prefix: "cifar10:", what: t`a set of images`, isSet: true },
  npy: { name: /\.npy$/i, prefix: "", what: t`an array`, isSet: false },
  safetensors: { name: /\.safetensors$/i, prefix: "", what: t`a file of tensors`, isSet: false },
} as const;

export type TensorFormat = keyof typeof FORMS;

/** The format of points, by how they are asked for; undefined for a file of columns. */
export function tensorFormat(data: string): TensorFormat | undefined {
  return (Object.keys(FORMS) as TensorFormat[]).find((format) => FORMS[format].name.test(data));
}

export function aboutFormat(format: TensorFormat) {
  return FORMS[format];
}

/** The path in what the key `data` says: of `idx:images` it is `images`. */
export function pathIn(data: string): string {
  const format = tensorFormat(data);
  return format === undefined ? data : data.slice(FORMS[format].prefix.length);
}

/** The same points with the path changed; what is bundled has none. */
export function withPath(data: string, change: (path: string) => string): string {
  const path = pathIn(data);
  return data === DIGITS ? data : `${data.slice(0, data.length - path.length)}${change(path)}`;
}
