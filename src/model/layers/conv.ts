import { type LayerKind, MAX_UNITS, wholeNumber } from "./layer.js";

/** As wide as a kernel may be, and as large as its stride. */
const [MAX_WINDOW, MAX_STRIDE] = [31, 16];

/** z = a ∗ W + b, kernel `[height, width, in, out]`, bias `[out]`; 3x3 with stride 1 unless it is said, the padding "same". */
export const conv: LayerKind = {
  form: "conv C [HxW] [/S]",
  read: ([channels, ...more]) => {
    const units = wholeNumber(channels, MAX_UNITS);
    const [, height = "3", width = "3"] = /^(\d+)x(\d+)$/.exec(more[0] ?? "") ?? [];
    const rest = /x/.test(more[0] ?? "") ? more.slice(1) : more;
    const [, stride = "1"] = /^\/(\d+)$/.exec(rest[0] ?? "") ?? [];
    const isWhole = rest.length === 0 || (rest.length === 1 && rest[0]?.startsWith("/"));
    const [rows, columns] = [height, width].map((size) => wholeNumber(size, MAX_WINDOW));
    const step = wholeNumber(stride, MAX_STRIDE);
    if (!isWhole || units === undefined || rows === undefined || columns === undefined || step === undefined)
      return undefined;
    return { kind: "conv", units, kernel: [rows, columns], stride: step };
  },
};
