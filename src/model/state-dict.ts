import { usageError } from "../errors.js";
import { t } from "../text/language.js";
import { listed } from "../text/listed.js";
import type { SafetensorsFile } from "./safetensors.js";
import type { Tensor, TensorMap } from "./tensors.js";

/** A PyTorch state dict as `layers.I.kernel` and `layers.I.bias`, and what had to be done for that. */
export interface Renamed {
  readonly tensors: TensorMap;
  /** The file's own names of the kernels, in the layers' order. */
  readonly kernels: readonly string[];
  readonly used: ReadonlySet<string>;
}

/** `net.0.weight`: everything up to `weight` is the layer's name, whose numbers give the order. */
const LAYER_WEIGHT = /^(?:(.*)\.)?weight$/;
const REPARAMETRIZED = /(?:^|\.)(?:weight_g|weight_v|parametrizations\.weight\.original\d+)$/;

/**
 * Finds the linear layers of a PyTorch Sequential (`0.weight`, `net.0.weight`, `module.model.layers.2.weight`, `fc1.weight`)
 * and turns each weight `[out, in]` into a kernel `[in, out]`. Numbers may have gaps, where activations are; a last layer may
 * have a name of its own. Undefined where the file has no matrix called `weight`. Throws a usage error that names what was
 * found where the order of the layers is not clear.
 */
export function renamedStateDict({ tensors, unread }: SafetensorsFile, file: string): Renamed | undefined {
  const names = [...tensors.keys(), ...unread.keys()];
  const reparametrized = names.filter((name) => REPARAMETRIZED.test(name));
  if (reparametrized.length > 0) {
    throw usageError(
      t`${file}: ${listed(reparametrized)}: a parametrized weight; fold it into the weight (torch.nn.utils.remove_weight_norm or remove_parametrizations) and save again`,
    );
  }
  const matrices = [...tensors].filter(([name, { shape }]) => LAYER_WEIGHT.test(name) && shape.length > 1);
  if (matrices.length === 0) return undefined;
  const other = matrices.find(([, { shape }]) => shape.length !== 2 || shape.includes(0));
  if (other !== undefined) {
    const [name, { shape }] = other;
    const kind = shape.length > 2 ? t`a convolution's; only linear layers are read` : t`it must be [out, in]`;
    throw usageError(t`${file}: ${listed([name])} has shape [${shape.join(", ")}]: ${kind}`);
  }
  const ordered = inOrder(matrices, file);
  const renamed = new Map<string, Tensor>();
  const used = new Set<string>();
  for (const [layer, [name, weight]] of ordered.entries()) {
    renamed.set(`layers.${layer}.kernel`, transposed(weight));
    used.add(name);
    const biasName = name.replace(/weight$/, "bias");
    const bias = tensors.get(biasName);
    if (bias === undefined) continue;
    renamed.set(`layers.${layer}.bias`, bias);
    used.add(biasName);
  }
  return { tensors: renamed, kernels: ordered.map(([name]) => name), used };
}

type Named = readonly [name: string, tensor: Tensor];

/** By the numbers in their names, which are otherwise the same; then a last one with a name of its own. */
function inOrder(matrices: readonly Named[], file: string): Named[] {
  const families = new Map<string, Named[]>();
  for (const entry of matrices) {
    const family = entry[0].replace(/\d+/g, "#");
    families.set(family, [...(families.get(family) ?? []), entry]);
  }
  const [row = [], ...others] = [...families.values()].sort((a, b) => b.length - a.length);
  const sorted = [...row].sort(([a], [b]) => byNumbers(a, b));
  const [last, ...more] = others.flat();
  if (last === undefined) return sorted;
  const width = sorted.at(-1)?.[1].shape[0];
  if (more.length === 0 && last[1].shape[1] === width && last[1].shape[0] === 1) return [...sorted, last];
  throw usageError(
    t`${file}: the order of the layers is not clear from the names ${listed(matrices.map(([name]) => name))}; call them layers.0.weight, layers.1.weight, …`,
  );
}

function byNumbers(a: string, b: string): number {
  const [one, other] = [a, b].map((name) => (name.match(/\d+/g) ?? []).map(Number));
  for (const [place, number] of (one ?? []).entries()) {
    const difference = number - (other?.[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function transposed({ shape, data }: Tensor): Tensor {
  const [rows = 0, columns = 0] = shape;
  const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)] as number);
  return { shape: [columns, rows], data: turned };
}
