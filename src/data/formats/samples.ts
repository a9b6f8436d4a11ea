import { type ImageForm, type Points, samplesAt } from "../points.js";

/** Samples as a file holds them, of which those that are wanted become points. */
export interface Samples {
  readonly samples: number;
  /** Where they are images. */
  readonly image?: ImageForm;
  readonly at: (indices: ArrayLike<number>) => Points;
}

/** What a format gives: samples to train on and, where it has such, others to measure costs on. */
export interface SampleSets {
  readonly training: Samples;
  readonly test?: Samples;
}

export function samplesOf(points: Points): Samples {
  const { samples, image } = points;
  return { samples, ...(image && { image }), at: (indices) => samplesAt(points, indices) };
}

/** What the brightest byte of an image is divided by: values are from 0 to 1. */
const BRIGHTEST = 255;

interface ByteImages {
  readonly form: ImageForm;
  readonly samples: number;
  readonly label: (sample: number) => number;
  /** A sample's byte, by its place in `[height][width][channels]`. */
  readonly byte: (sample: number, place: number) => number;
}

/** Labeled images of bytes. */
export function byteImages({ form, samples, label, byte }: ByteImages): Samples {
  const inputs = form.height * form.width * form.channels;
  return {
    samples,
    image: form,
    at: (indices) => {
      const x = new Float32Array(indices.length * inputs);
      for (let to = 0, at = 0; to < indices.length; to++) {
        for (let place = 0; place < inputs; place++) x[at++] = byte(indices[to] as number, place) / BRIGHTEST;
      }
      return { samples: indices.length, inputs, x, y: Float32Array.from(indices, label), image: form };
    },
  };
}
