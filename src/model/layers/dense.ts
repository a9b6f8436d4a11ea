import { type LayerKind, MAX_UNITS, wholeNumber } from "./layer.js";

/** z = a·W + b, kernel `[in, out]`, bias `[out]`. */
export const dense: LayerKind = {
  form: "dense U",
  read: ([units, ...more]) => {
    const found = more.length === 0 ? wholeNumber(units, MAX_UNITS) : undefined;
    return found === undefined ? undefined : { kind: "dense", units: found };
  },
};
