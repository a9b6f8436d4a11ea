import type { Result } from "../../src/record/result.js";
import { VERDICTS } from "../../src/record/verdicts.js";
import { type ArmShape, wobble } from "./arm-fixture.js";
import { colored, manyLabels } from "./classes-fixture.js";
import { makeImageResult } from "./image-fixture.js";
import { makeResult } from "./result-fixture.js";

/** Arms as a set of controls has them: everything that BN does, taken away one at a time. */
const controls: Readonly<Record<string, ArmShape>> = {
  plain: { divergesAt: () => 1 },
  "plain he": { own: { init: "he" }, divergesAt: (seed) => (seed > 2 ? 12 : undefined) },
  "plain glorot": { own: { init: "glorot" }, scale: 1.4 },
  "plain lecun": { own: { init: "lecun" }, scale: 1.2 },
  "plain input": { normalized: true, own: { normalize: "input" }, scale: 1.1 },
  bn: { normalized: true },
  "bn he": { normalized: true, own: { init: "he" }, against: "plain he", scale: 0.9 },
  "bn glorot": { normalized: true, own: { init: "glorot" }, against: "plain glorot" },
  "bn lecun": { normalized: true, own: { init: "lecun" }, against: "plain lecun", scale: 1.1 },
  "hidden only": { normalized: true, own: { normalize: "hidden" }, scale: 1.3 },
  "centered only": { normalized: true, own: { transform: "center" }, scale: 3 },
  "scaled only": { normalized: true, own: { transform: "scale" }, scale: 1.5 },
  "no gamma, beta": { normalized: true, own: { affine: false }, scale: 1.05 },
  "after activation": { normalized: true, own: { position: "after" }, scale: 0.8 },
};

const hostile: Readonly<Record<string, ArmShape>> = {
  [`</text><script>alert("1")</script>&\u0000\ud800${"א".repeat(400)}`]: { divergesAt: 7 },
  [`\u202e]]>${"W".repeat(400)} 1`]: { normalized: true },
  [`\u202e]]>${"W".repeat(400)} 2`]: { normalized: true, divergesAt: 60 },
};

const anyVerdict = (layer: number, update: number) => VERDICTS[(layer + update / 10) % VERDICTS.length] ?? "healthy";

/** The results that every picture is tried on. */
export const cases: Readonly<Record<string, Result>> = {
  trained: makeResult(),
  "images of ten classes": colored,
  "images of a hundred classes": manyLabels,
  "plain diverged": makeResult({ hiddenLayers: 7, updates: 250, plainDivergesAt: 1, config: { activation: "relu" } }),
  "plain diverged late": makeResult({ updates: 250, plainDivergesAt: 240 }),
  "both diverged": makeResult({ plainDivergesAt: 1, bnDivergesAt: 7 }),
  "diverged at once": makeResult({ plainDivergesAt: 0, bnDivergesAt: 0 }),
  "thirty layers, twelve records": makeResult({ hiddenLayers: 30, updates: 110, histogramEvery: 10 }),
  "one hidden layer, two updates": makeResult({ hiddenLayers: 1, updates: 2, histogramEvery: 1 }),
  "no update": makeResult({ updates: 0 }),
  "three input columns": makeResult({ inputs: 3 }),
  "three input columns, all diverged": makeResult({ inputs: 3, plainDivergesAt: 1, bnDivergesAt: 1 }),
  "fits far away": makeResult({ plainFit: (x) => (x > 5 ? "Infinity" : 1e30 * x) }),
  "inputs of another scale": makeResult({ inputRange: [-1234.5, 98765.4] }),
  "hostile names": makeResult({
    config: { activation: `</script><script>alert("1")</script>&\u0000\ud800${"א".repeat(9_999)}`, init: "]]>\u202e" },
  }),
  "hostile arm names": makeResult({ arms: hostile, updates: 250 }),
  "hostile arm names, three seeds": makeResult({ arms: hostile, seeds: 3, probe: 3 }),
  "mini-batches": makeResult({ config: { batchSize: 10, init: "he", sizes: [1, 30, 20, 10, 1] } }),
  "mini-batch gap": makeResult({ updates: 250, histogramEvery: 10, config: { batchSize: 10 } }),
  "one arm": makeResult({ arms: { bn: { normalized: true } } }),
  "no arm normalizes": makeResult({ arms: { plain: {}, "plain he": { own: { init: "he" } } } }),
  "ten seeds": makeResult({
    updates: 250,
    seeds: 10,
    arms: {
      plain: { divergesAt: (seed) => ([12, 40, 130] as const)[seed - 3] },
      bn: { normalized: true },
    },
  }),
  "ten seeds, plain always diverges at update 1": makeResult({
    updates: 250,
    seeds: 10,
    config: { activation: "relu" },
    arms: { plain: { divergesAt: () => 1 }, bn: { normalized: true } },
  }),
  controls: makeResult({ hiddenLayers: 7, updates: 250, seeds: 5, arms: controls }),
  "controls, three input columns": makeResult({ inputs: 3, arms: controls }),
  "rounding probe": makeResult({ updates: 250, probe: 8 }),
  "rounding probe, four seeds": makeResult({ updates: 250, probe: 8, seeds: 4 }),
  "every verdict, forty layers, fifty records": makeResult({
    hiddenLayers: 39,
    updates: 490,
    histogramEvery: 10,
    arms: {
      plain: { divergesAt: 433, verdict: anyVerdict, gradient: (layer, update) => 1e-9 * (1 + layer + update) },
      bn: { normalized: true, verdict: anyVerdict },
    },
  }),
  "gradients that vanish, overflow and differ": makeResult({
    hiddenLayers: 7,
    arms: {
      plain: {
        gradient: (layer, update) => (layer < 2 ? 0 : update === 50 && layer === 4 ? "Infinity" : 3e7 * (layer + 1)),
      },
      bn: { normalized: true, gradient: (layer) => Number(`1e${2 - layer * 4}`) },
      flat: { gradient: (layer) => 1 + 0.1 * wobble(layer) },
      none: { gradient: () => 0 },
    },
  }),
  images: makeImageResult(),
  "images of three channels, three seeds, four arms": makeImageResult({
    inputs: 3,
    seeds: 3,
    arms: { plain: { divergesAt: 60 }, bn: { normalized: true }, wide: {}, "wide bn": { normalized: true } },
  }),
};

/** Those that the fast tier draws; the slow one draws all. */
export const FEW: readonly string[] = [
  "plain diverged",
  "hostile arm names, three seeds",
  "three input columns",
  "images",
];
