// The machine's own limit: GFLOP/s of a wasm SIMD loop whose operands all stay in registers (peak/index.ts).
import { readFileSync } from "node:fs";

const CALL_ROUNDS = 100_000;
const CALLS = 20;

/** A function that measures the limit, in 4 ms; its best call counts. */
export function openPeak() {
  const bytes = readFileSync(new URL("build/peak.wasm", import.meta.url));
  const { peak, PEAK_FLOP } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const measure = () => {
    let best = Infinity;
    for (let call = 0; call < CALLS; call++) {
      const start = performance.now();
      peak(CALL_ROUNDS, 0.999, 0.001);
      best = Math.min(best, performance.now() - start);
    }
    return (CALL_ROUNDS * PEAK_FLOP.value) / best / 1e6;
  };
  // V8 replaces its first, unoptimized code while it runs.
  for (let i = 0; i < 5; i++) measure();
  return measure;
}
