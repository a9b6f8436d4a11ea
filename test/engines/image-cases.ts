import { type Normalization, POSITIONS } from "../../src/model/network.js";
import type { NormalizerName } from "../../src/model/normalizers/index.js";
import { AXES } from "../../src/model/normalizers/normalizer.js";
import { IMAGE_NORMALIZERS } from "./layered-tasks.js";

interface ImageCase {
  readonly name: string;
  readonly normalization?: Partial<Normalization>;
}

const OPTIONS: Readonly<Partial<Record<NormalizerName, Partial<Normalization>>>> = {
  group: { groups: 2 },
  renorm: { renormMax: 1.5, renormShift: 0.5 },
};

/** What a network of images can be normalized with, and where. */
export const ALL_CASES: readonly ImageCase[] = [
  { name: "plain" },
  ...IMAGE_NORMALIZERS.flatMap((normalizer) =>
    POSITIONS.map((position) => ({
      name: `${normalizer}, ${position}`,
      normalization: { normalizer, position, ...OPTIONS[normalizer] },
    })),
  ),
  ...AXES.map((axes) => ({ name: `batch by ${axes}`, normalization: { axes } })),
  { name: "behind convolutions", normalization: { where: "conv" } },
  { name: "behind dense layers", normalization: { where: "dense" } },
  { name: "the output, too", normalization: { normalizeOutput: true } },
  ...IMAGE_NORMALIZERS.map((normalizer, i) => {
    const position = POSITIONS[i % POSITIONS.length] ?? "before";
    return {
      name: `${normalizer}, ${position}, no affine`,
      normalization: { normalizer, position, affine: false, ...OPTIONS[normalizer] },
    };
  }),
];

const FEW = ["plain", "batch, before", "instance, afterPooling", "batch by height", "the output, too"];

/** What `images.test.ts` runs over: a few, unless a slow file imports `on-every-image.ts` first. */
export const imageCases: ImageCase[] = ALL_CASES.filter(({ name }) => FEW.includes(name));
