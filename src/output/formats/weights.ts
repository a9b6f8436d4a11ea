import { writeSafetensors } from "../../model/safetensors.js";
import type { RunFormat } from "./format.js";

/** The weights of every recorded checkpoint, as safetensors. */
export const weights: RunFormat = {
  names: ["weights"],
  wanted: ({ saveWeights }) => saveWeights ?? false,
  from: "run",
  files: ({ finished }) =>
    new Map(
      finished.saved.map(({ arm, update, tensors }) => [
        `weights/${arm}@${update}.safetensors`,
        writeSafetensors(tensors, { arm, update: String(update) }),
      ]),
    ),
};
