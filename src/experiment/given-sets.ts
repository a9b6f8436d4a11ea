import { isDeepStrictEqual } from "node:util";
import { flagOf, type Settings } from "../config/keys.js";
import { digitsIn } from "../data/digits.js";
import { digitsFile } from "../data/digits-file.js";
import { readCifar10 } from "../data/formats/cifar10.js";
import { readIdx } from "../data/formats/idx.js";
import { pathIn, type TensorFormat, tensorFormat } from "../data/formats/names.js";
import { type SampleSets, type Samples, samplesOf } from "../data/formats/samples.js";
import type { Points } from "../data/points.js";
import { randomStream } from "../data/streams.js";
import { usageError } from "../errors.js";
import { configurationError } from "../problems.js";
import { t } from "../text/language.js";
import { countText } from "../text/numbers.js";
import { readNumpyPoints, readTensorPoints, type TensorPoints } from "./given-tensors.js";

interface Sets extends SampleSets {
  readonly notices?: readonly string[];
}

/** What each format gives for what the keys `data` and `testData` say. Those that read throw expected errors. */
const READERS: Readonly<Record<TensorFormat, (data: string, testData: string | undefined) => Sets>> = {
  digits: () => {
    const { training, test } = digitsIn(digitsFile());
    return { training: samplesOf(training), test: samplesOf(test) };
  },
  idx: (data) => readIdx(pathIn(data)),
  cifar10: (data) => readCifar10(pathIn(data)),
  npy: (data, testData) => pairOf(readNumpyPoints, data, testData),
  safetensors: (data, testData) => pairOf(readTensorPoints, data, testData),
};

/** Points of training and testing, each of a file of their own. */
function pairOf(read: (file: string) => TensorPoints, data: string, testData: string | undefined): Sets {
  const training = read(data);
  if (testData === undefined) return { training: samplesOf(training.points), notices: training.notices };
  const test = read(testData);
  const columnsOf = ({ inputs, samples, y }: Points) => [inputs, y.length / samples];
  const [[inputs, targets], [wanted, alike]] = [columnsOf(test.points), columnsOf(training.points)];
  if (!isDeepStrictEqual([inputs, targets], [wanted, alike])) {
    throw usageError(
      t`${testData}: points of ${inputs} columns and ${targets} targets, where ${data} has ${wanted} and ${alike}`,
    );
  }
  const notices = [...training.notices, ...test.notices];
  return { training: samplesOf(training.points), test: samplesOf(test.points), notices };
}

/** Points to train on and, where there are such, others to measure costs on. */
export interface GivenPoints {
  readonly training: Points;
  readonly test?: Points;
  readonly notices: readonly string[];
}

/** Of images without others to measure on, every fifth is one; none where weights are given and nothing is drawn. */
const TEST_SHARE = 5;
/** Which samples are taken is drawn once for all: the same in every run, whatever its seed. */
const CHOICE_SEED = 1;

/**
 * Reads the points that `data` names in one of the formats, and takes as many of them as `samples` and `testSamples` say.
 * Throws expected errors.
 */
export function readGivenPoints(settings: Settings, written: ReadonlyMap<string, string>): GivenPoints {
  const { data = "", testData, samples, testSamples } = settings;
  const format = tensorFormat(data);
  if (format === undefined) throw new Error(`${data} is a file of columns`);
  const { training, test, notices = [] } = READERS[format](data, testData);
  const most = (key: "samples" | "testSamples", count: number, of: string) => {
    const wanted = settings[key] ?? 0;
    if (wanted > count)
      throw configurationError([
        t`${written.get(key) ?? flagOf(key)}: ${wanted} is more than the ${of} in ${data}: ${count}`,
      ]);
  };
  if (test !== undefined) {
    most("samples", training.samples, t`training points`);
    most("testSamples", test.samples, t`test points`);
    return {
      training: someOf(training, samples, "samples"),
      ...(testSamples === 0 ? {} : { test: someOf(test, testSamples, "test samples") }),
      notices,
    };
  }
  const standard =
    training.image === undefined || settings.weights !== undefined ? 0 : Math.floor(training.samples / TEST_SHARE);
  const aside = testSamples ?? standard;
  most("testSamples", training.samples - 1, t`points that can be set aside`);
  const left = training.samples - aside;
  most("samples", left, t`points to train on`);
  if (aside === 0) return { training: someOf(training, samples, "samples"), notices };
  const order = randomStream(CHOICE_SEED, "split").permutation(training.samples);
  return {
    training: training.at(order.subarray(aside, aside + (samples ?? left))),
    test: training.at(order.subarray(0, aside)),
    notices: [
      ...notices,
      t`${data}: ${countText(aside)} of ${countText(training.samples)} points, always the same, are set aside to measure costs on`,
    ],
  };
}

/** All, or as many as are wanted, in their order: fewer are among more. */
function someOf(all: Samples, wanted: number | undefined, stream: string): Points {
  const isAll = wanted === undefined || wanted === all.samples;
  const order = isAll
    ? Int32Array.from({ length: all.samples }, (_, i) => i)
    : randomStream(CHOICE_SEED, stream).permutation(all.samples).subarray(0, wanted).sort();
  return all.at(order);
}
