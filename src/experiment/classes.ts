import { type Dataset, rangeOf } from "../data/dataset.js";
import type { ImageForm, Points } from "../data/points.js";
import type { ResultClasses } from "../record/data.js";

/** Of a picture of an example, pixels: a larger image is shrunk. */
export const MOST_SIDE = 16;
/** Of all examples together: each is a mark of a picture. */
const PIXELS = 6000;
/** Of a class. */
export const MOST_EXAMPLES = 4;
/** That have examples. */
const CLASSES = 20;
const BRIGHTEST = 255;

/** How many images there are of each label, and the first ones of each as small pictures; undefined where points are no labeled images. */
export function classesOf({ original, hasTestPoints }: Dataset, outputs: number): ResultClasses | undefined {
  const { training, evaluation } = original;
  const { image } = training;
  // A target of one number, and more outputs than one, is a label.
  if (image === undefined || outputs < 2 || training.y.length !== training.samples) return undefined;
  return {
    training: countsOf(training, outputs),
    ...(hasTestPoints ? { evaluation: countsOf(evaluation, outputs) } : {}),
    ...(outputs > CLASSES ? {} : { examples: examplesOf(training, image, outputs) }),
  };
}

function countsOf({ y }: Points, outputs: number): number[] {
  const counts = new Array<number>(outputs).fill(0);
  for (const label of y) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Values of the training set from 0, or what is below it, to 1, or what is above it, become bytes. */
function examplesOf(training: Points, form: ImageForm, outputs: number): NonNullable<ResultClasses["examples"]> {
  const step = Math.ceil(Math.max(form.height, form.width) / MOST_SIDE);
  const [height, width] = [Math.ceil(form.height / step), Math.ceil(form.width / step)];
  // Three channels are taken for red, green and blue; of others the first is shown.
  const channels = form.channels === 3 ? 3 : 1;
  const each = Math.max(1, Math.min(MOST_EXAMPLES, Math.floor(PIXELS / (outputs * height * width))));
  const { min, max } = rangeOf(training.x);
  const [low, high] = [Math.min(0, min), Math.max(1, max)];
  const byteAt = (sample: number, top: number, left: number, channel: number) => {
    let [sum, count] = [0, 0];
    for (let row = top; row < Math.min(top + step, form.height); row++) {
      for (let column = left; column < Math.min(left + step, form.width); column++) {
        sum += training.x[sample * training.inputs + (row * form.width + column) * form.channels + channel] as number;
        count++;
      }
    }
    return Math.round((BRIGHTEST * (sum / count - low)) / (high - low));
  };
  const pixelsOf = (sample: number) => {
    let text = "";
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let channel = 0; channel < channels; channel++)
          text += byteAt(sample, row * step, column * step, channel)
            .toString(16)
            .padStart(2, "0");
      }
    }
    return text;
  };
  const images: string[][] = Array.from({ length: outputs }, () => []);
  for (let sample = 0; sample < training.samples; sample++) {
    const own = images[training.y[sample] as number];
    if (own !== undefined && own.length < each) own.push(pixelsOf(sample));
  }
  return { height, width, channels, images };
}
