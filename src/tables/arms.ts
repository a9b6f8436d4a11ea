import type { SeedArm } from "../record/arms.js";
import { ARM, layerName, type Row, SEED, type Table } from "./table.js";

/** How every arm of every seed ended. */
export const arms: Table = {
  name: "arms",
  description: "One row per arm and seed: how its training ended.",
  columns: [
    SEED,
    ARM,
    { name: "status", type: "text", description: "`trained` or `diverged`" },
    {
      name: "divergence_updates",
      type: "count",
      unit: "updates",
      description: "number of updates before the first diverged state; empty for a trained arm, as are the next four",
    },
    {
      name: "divergence_layer",
      type: "count",
      description:
        "layer, from 0, of that state's first tensor that float32 cannot hold; of the input's normalization: 0",
    },
    { name: "divergence_layer_name", type: "text", description: "the layer's name in the charts" },
    {
      name: "divergence_tensor",
      type: "text",
      description: "that tensor, for example `kernel`, `preActivation` or `cost`",
    },
    {
      name: "divergence_pass",
      type: "text",
      description: "`forward`: the state's forward pass overflowed; `backward`: the backward pass that made the state",
    },
    {
      name: "final_train",
      type: "number",
      unit: "y²",
      description: "cost after the last update with the points' own statistics; empty for a diverged arm",
    },
    {
      name: "final_inference",
      type: "number",
      unit: "y²",
      description: "the same with the moving averages; empty for a diverged arm",
    },
    {
      name: "final_train_standardized",
      type: "number",
      unit: "1",
      description:
        "with `--standardize-targets`: `final_train` over the squared deviation of the training targets, which is what training lowers; else empty",
    },
    { name: "final_inference_standardized", type: "number", unit: "1", description: "the same of `final_inference`" },
    {
      name: "final_recalibrated",
      type: "number",
      unit: "y²",
      description:
        "the final cost with the moving averages replaced by the training set's statistics; empty for an arm without moving averages",
    },
  ],
  *rows({ seeds, config }) {
    for (const { seed, arms } of seeds) {
      for (const [arm, ended] of Object.entries(arms)) yield { seed, arm, ...endOf(ended, config.sizes.length - 1) };
    }
  },
};

function endOf(arm: SeedArm, layerCount: number): Row {
  const { update, layer, tensor, pass } = arm.status === "diverged" ? arm.divergence : {};
  const { train, inference, recalibrated, standardized } = arm.status === "trained" ? arm.final : {};
  return {
    status: arm.status,
    divergence_updates: update ?? null,
    divergence_layer: layer ?? null,
    divergence_layer_name: layer === undefined ? null : layerName(layer, layerCount),
    divergence_tensor: tensor ?? null,
    divergence_pass: pass ?? null,
    final_train: train ?? null,
    final_inference: inference ?? null,
    final_train_standardized: standardized?.train ?? null,
    final_inference_standardized: standardized?.inference ?? null,
    final_recalibrated: recalibrated ?? null,
  };
}
