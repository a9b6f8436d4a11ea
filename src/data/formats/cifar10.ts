import { existsSync } from "node:fs";
import { join } from "node:path";
import { EXIT, ExpectedError, usageError } from "../../errors.js";
import { readInput } from "../../input-file.js";
import { Problems } from "../../problems.js";
import { t } from "../../text/language.js";
import { byteImages, type SampleSets, type Samples } from "./samples.js";

const TRAINING = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
const TEST = "test_batch.bin";
const FORM = { height: 32, width: 32, channels: 3 } as const;
const PIXELS = FORM.height * FORM.width;
/** A label, then every pixel's red, every green, every blue. */
const RECORD = 1 + FORM.channels * PIXELS;
const CLASSES = 10;

/**
 * The images of a folder with the binary version of CIFAR-10 (Krizhevsky 2009): `data_batch_1.bin` to `data_batch_5.bin` to
 * train on and `test_batch.bin`. Throws an expected error that names every file that is missing or torn.
 */
export function readCifar10(folder: string): SampleSets {
  const missing = [...TRAINING, TEST].filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    const isPython = existsSync(join(folder, "data_batch_1"));
    const instead = isPython
      ? t`these are the files of its Python version; give CIFAR-10's binary version`
      : t`give the folder of CIFAR-10's binary version`;
    const names = missing.join(", ");
    throw new ExpectedError(
      EXIT.file,
      missing.length === 1
        ? t`cannot read ${folder}: ${names} is missing; ${instead}`
        : t`cannot read ${folder}: ${names} are missing; ${instead}`,
    );
  }
  const problems = new Problems();
  const read = (name: string) => {
    const path = join(folder, name);
    const bytes = readInput(path, "tensors");
    const fault = faultOf(bytes);
    if (fault !== undefined) problems.push(`${path}: ${fault}`);
    return bytes;
  };
  const training = Buffer.concat(TRAINING.map(read));
  const test = read(TEST);
  if (problems.length > 0) throw usageError(problems.lines());
  return { training: imagesOf(training), test: imagesOf(test) };
}

function faultOf(bytes: Buffer): string | undefined {
  if (bytes.length === 0 || bytes.length % RECORD !== 0) {
    return t`${bytes.length} bytes are not a number of whole records of ${RECORD}, a label and 32 × 32 × 3 pixels: the file is cut off, or not of CIFAR-10's binary version`;
  }
  for (let at = 0; at < bytes.length; at += RECORD) {
    const label = bytes[at] as number;
    if (label >= CLASSES) return t`record ${at / RECORD + 1} has the label ${label}; CIFAR-10 has 0 to ${CLASSES - 1}`;
  }
  return undefined;
}

function imagesOf(bytes: Buffer): Samples {
  const { channels } = FORM;
  return byteImages({
    form: FORM,
    samples: bytes.length / RECORD,
    label: (sample) => bytes[sample * RECORD] as number,
    byte: (sample, place) =>
      bytes[sample * RECORD + 1 + (place % channels) * PIXELS + Math.floor(place / channels)] as number,
  });
}
