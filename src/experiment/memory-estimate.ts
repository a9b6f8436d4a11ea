import { availableParallelism, freemem, totalmem } from "node:os";
import { flagOf, type KeyName } from "../config/keys.js";
import { evenIndices } from "../data/sample.js";
import { armBytes, parameterCount } from "../engines/arm-memory.js";
import { ADDRESSED, valuesPerSample } from "../engines/fused-memory.js";
import type { EngineName } from "../engines/names.js";
import { usageError } from "../errors.js";
import { mostBytes } from "../input-file.js";
import { norms } from "../model/network.js";
import { t } from "../text/language.js";
import { countedText } from "../text/numbers.js";
import type { ArmPlan } from "./arm-plans.js";

/** What of an experiment decides how much memory it needs, known before anything large is made. */
export interface ExperimentSize {
  readonly engine: EngineName;
  readonly arms: Readonly<Record<string, ArmPlan>>;
  readonly sizes: readonly number[];
  readonly seeds: number;
  readonly roundingProbe: number;
  readonly samples: number;
  /** Points to measure on that are not the training points. */
  readonly testSamples: number;
  readonly batchSize: number;
  readonly updates: number;
  readonly costEvery: number;
  readonly histogramEvery: number;
  readonly saveWeights: boolean;
  readonly workers?: number;
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
/** Points are drawn, shuffled, standardized, and sent to a worker. */
const POINT_COPIES = 4;
/** Weights are drawn, scaled, sent to a worker, and read back for their digests. */
const WEIGHT_COPIES = 4;
/** Characters in `result.json` of a recorded layer's two histograms and its numbers, of one unit's statistics, and of a cost. */
const [LAYER_TEXT, UNIT_TEXT, COST_TEXT] = [4000, 100, 80];
/** What a text of JSON takes as values and while it is written, as a multiple of its length. */
const TEXT_COPIES = 4;
/** Of the process itself and of a worker without an arm. */
const [PROCESS, WORKER] = [200e6, 40e6];

/** A part of the estimate: bytes, what they are for, and the keys that lower them. */
interface Part {
  readonly bytes: number;
  readonly what: string;
  readonly keys: readonly KeyName[];
}

/**
 * Throws a usage error where the experiment would need more memory than there is, or than its engine or `result.json` can
 * have, before any of it is allocated: what the estimate is, and the keys that would lower it.
 */
export function requireMemoryFor(size: ExperimentSize, available = availableBytes()): void {
  const { arms, engine, workers, seeds, roundingProbe, samples, testSamples } = size;
  const evaluationSamples = testSamples === 0 ? samples : testSamples;
  const specs = Object.values(arms).map(({ spec }) => spec);
  const each = specs.map((spec) =>
    armBytes(engine, {
      spec,
      trainingSamples: samples,
      evaluationSamples,
      batchSize: size.batchSize,
      observedSamples: evenIndices(samples, spec.images).length,
    }),
  );
  const largest = Math.max(...each.map(({ most = 0 }) => most));
  const shrinking = keysOf(size, ["batchSize", "samples", "testSamples", "inputs", "width", "hiddenLayers"]);
  if (largest > ADDRESSED) {
    throw usageError(
      t`an arm needs about ${gigabytes(largest)} GB, and the fused engine has 4 GB for one; lower ${listed(shrinking)}, or use --engine reference`,
    );
  }
  const text = resultBytes(size);
  if (text > mostBytes("result")) {
    throw usageError(
      t`result.json would have about ${gigabytes(text)} GB, but at most ${gigabytes(mostBytes("result"))} GB can be read back; raise ${listed(["histogramEvery", "costEvery"])}, or lower ${listed(["seeds", "updates", "width", "hiddenLayers"])}`,
    );
  }
  const atOnce = Math.min(Object.keys(arms).length * (seeds + roundingProbe), workers ?? availableParallelism());
  const parameters = Math.max(...specs.map(parameterCount));
  const inputs = Math.max(...specs.map((spec) => valuesPerSample(spec)[0] ?? 0));
  const points = (samples + testSamples) * (inputs + 1) * FLOAT;
  const checkpoints = Math.floor(size.updates / size.histogramEvery) + 2;
  const parts: Part[] = [
    {
      bytes: atOnce * Math.max(...each.map(({ bytes }) => bytes)) + atOnce * WORKER,
      what: t`${countedText(atOnce, "arm")} trained at once`,
      keys: [...(atOnce > 1 ? (["workers"] as const) : []), ...shrinking],
    },
    {
      bytes: POINT_COPIES * points * (1 + atOnce),
      what: t`points`,
      keys: keysOf(size, ["samples", "testSamples", "inputs"]),
    },
    { bytes: WEIGHT_COPIES * parameters * FLOAT * (1 + atOnce), what: t`weights`, keys: ["width", "hiddenLayers"] },
    ...(size.saveWeights
      ? [
          {
            bytes: Object.keys(arms).length * checkpoints * parameters * FLOAT,
            what: t`saved weights`,
            keys: ["saveWeights", "histogramEvery"] as const,
          },
        ]
      : []),
    { bytes: TEXT_COPIES * text, what: t`what is recorded`, keys: ["histogramEvery", "costEvery", "seeds"] },
  ];
  const bytes = PROCESS + parts.reduce((sum, part) => sum + part.bytes, 0);
  if (bytes <= available) return;
  const most = parts.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  throw usageError(
    t`this needs about ${gigabytes(bytes)} GB of memory, ${gigabytes(most.bytes)} GB of it for ${most.what}, but ${gigabytes(available)} GB are available; change ${listed(most.keys)}`,
  );
}

/** Bytes of `result.json`, and of `digests.json`, which is as long a text in the worst case, counted a little high. */
function resultBytes({
  arms,
  sizes,
  seeds,
  roundingProbe,
  updates,
  costEvery,
  histogramEvery,
}: ExperimentSize): number {
  const count = Object.keys(arms).length;
  const normalized = Object.values(arms).filter(({ spec }) => norms(spec).length > 0).length;
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const checkpoints = Math.floor(updates / histogramEvery) + 2;
  const layers = count * checkpoints * (sizes.length - 1) * LAYER_TEXT + normalized * checkpoints * units * UNIT_TEXT;
  const costs = count * (seeds + 1 + (roundingProbe > 0 ? 2 : 0)) * (updates / costEvery + 2) * COST_TEXT;
  return layers + costs;
}

/** The keys that may be set at all: a file's points have no number that could be lowered. */
function keysOf({ testSamples, sizes }: ExperimentSize, keys: readonly KeyName[]): KeyName[] {
  return keys.filter(
    (key) => (key !== "testSamples" || testSamples > 0) && (key !== "inputs" || (sizes[0] as number) > 1),
  );
}

function listed(keys: readonly KeyName[]): string {
  return keys.map(flagOf).join(", ");
}

function gigabytes(bytes: number): string {
  return bytes < 0.995e9 ? (bytes / 1e9).toPrecision(2) : (bytes / 1e9).toFixed(bytes < 99.5e9 ? 1 : 0);
}

/**
 * Memory that this process can have: what a container allows, or else what the system has left, as far as it says so.
 * Linux counts what it can take back from its caches as available; other systems do not, so all they have is taken.
 */
function availableBytes(): number {
  const allowed = process.constrainedMemory?.() ?? 0;
  const physical = process.platform === "linux" ? freemem() : totalmem();
  // Without a limit it is 0 or beyond any machine.
  return allowed > 0 ? Math.min(allowed, physical) : physical;
}
