import { readFileSync } from "node:fs";

/** The bundled handwritten digits: digits.csv.gz, for `digitsIn`. */
export function digitsFile(): Buffer {
  // The same from src and from dist.
  return readFileSync(new URL("../../dist/data/digits.csv.gz", import.meta.url));
}
