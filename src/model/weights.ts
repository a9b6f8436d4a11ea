import { isDeepStrictEqual } from "node:util";
import { fileKind } from "../data/file-kinds.js";
import { usageError } from "../errors.js";
import { problemsOf } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { listed } from "../text/listed.js";
import { kernelShape, type Stage } from "./layers/stages.js";
import { readSafetensors } from "./safetensors.js";
import { renamedStateDict } from "./state-dict.js";
import type { Tensor, TensorMap } from "./tensors.js";

/** Initial weights, and what a reader should know of how they were read. */
export interface ReadWeights {
  readonly weights: TensorMap;
  /** The file's other tensors. */
  readonly ignored: readonly string[];
  readonly notices: readonly string[];
}

const WEIGHT = /^layers\.(\d+)\.(kernel|bias)$/;

/**
 * Reads initial kernels `layers.I.kernel` `[in, out]` and biases `layers.I.bias` `[out]`, rounded to float32, in the
 * layers' order; a bias that is missing is zero. With `stages`, which need not chain, their shapes are those wanted. Takes the linear layers of a PyTorch state dict as well. Throws a usage
 * error that lists everything that does not fit: a layer missing, shapes that do not chain, values that are not finite.
 */
export function readWeights(bytes: Uint8Array, file: string, stages?: readonly Stage[]): ReadWeights {
  const kind = fileKind(bytes);
  if (kind !== undefined) throw usageError(t`${file}: this is ${kind.name}, not a safetensors file; ${kind.remedy}`);
  const found = readSafetensors(bytes, file);
  const all = [...found.tensors.keys(), ...found.unread.keys()];
  for (const [name, dtype] of found.unread) {
    if (WEIGHT.test(name))
      throw usageError(t`${file}: ${name} is ${excerpt(dtype)}; kernels and biases are F64, F32, F16 or BF16`);
  }
  const renamed = all.some((name) => /^layers\.\d+\.kernel$/.test(name)) ? undefined : renamedStateDict(found, file);
  const tensors = renamed?.tensors ?? found.tensors;
  const names = [...tensors.keys()];
  const layers = names.reduce((most, name) => Math.max(most, Number(WEIGHT.exec(name)?.[1] ?? -1) + 1), 0);
  if (layers > names.length) {
    throw usageError(t`${file}: has a tensor of layer ${layers - 1}, but not of all the layers before it`);
  }
  if (stages !== undefined && layers !== stages.length)
    throw usageError(t`${file}: has ${layers} layers with kernels, where layers has ${stages.length}`);
  if (layers < 2)
    throw usageError(
      t`${file}: needs layers.0.kernel, layers.0.bias and at least one layer more; found ${listed(all) || t`no tensor at all`}`,
    );

  const faults: string[] = [];
  const weights = new Map<string, Tensor>();
  const unbiased: string[] = [];
  let outputs: number | undefined;
  for (let layer = 0; layer < layers; layer++) {
    const [kernelName, biasName] = [`layers.${layer}.kernel`, `layers.${layer}.bias`];
    const kernel = tensors.get(kernelName);
    const stage = stages?.[layer];
    const wanted = stage === undefined ? undefined : kernelShape(stage);
    const isForm = kernel?.shape.length === (wanted?.length ?? 2);
    const units = isForm ? kernel?.shape.at(-1) : undefined;
    const zeros = units === undefined ? undefined : { shape: [units], data: new Float32Array(units) };
    const bias = tensors.get(biasName) ?? zeros;
    if (bias === zeros && zeros !== undefined) unbiased.push(biasName);
    if (kernel === undefined) faults.push(t`${kernelName} is missing`);
    else if (wanted !== undefined) {
      if (!isDeepStrictEqual([...kernel.shape], wanted))
        faults.push(
          t`${kernelName} has shape [${kernel.shape.join(", ")}]; with these layers it must be [${wanted.join(", ")}]`,
        );
    } else if (kernel.shape.length !== 2 || kernel.shape.includes(0)) {
      faults.push(t`${kernelName} has shape [${kernel.shape.join(", ")}]; it must be [in, out]`);
    } else if (outputs !== undefined && kernel.shape[0] !== outputs) {
      faults.push(t`${kernelName} has shape [${kernel.shape.join(", ")}] behind a layer of ${outputs} units`);
    }
    outputs = units;
    if (bias !== undefined && (bias.shape.length !== 1 || (outputs !== undefined && bias.shape[0] !== outputs))) {
      faults.push(t`${biasName} has shape [${bias.shape.join(", ")}]; it must be [${outputs ?? "out"}]`);
    }
    for (const [name, tensor] of [
      [kernelName, kernel],
      [biasName, bias],
    ] as const) {
      if (tensor === undefined) continue;
      const data = Float32Array.from(tensor.data);
      if (!data.every(Number.isFinite)) faults.push(t`${name} holds a value that is not a finite float32 number`);
      weights.set(name, { shape: tensor.shape, data });
    }
  }
  if (faults.length > 0) throw usageError(problemsOf(faults.map((fault) => `${file}: ${fault}`)).lines());
  const used = renamed?.used ?? weights;
  const notices = [
    ...(renamed === undefined
      ? []
      : [
          t`${file}: a PyTorch state dict: ${listed(renamed.kernels)} are read as layers in this order, [out, in] transposed`,
        ]),
    ...(unbiased.length === 0 ? [] : [t`${file}: without ${listed(unbiased)}, which are zero`]),
  ];
  return { weights, ignored: all.filter((name) => !used.has(name)), notices };
}

/** Units per layer, the input's columns first, from kernels that chain. */
export function sizesOf(weights: TensorMap): number[] {
  const kernels = [...weights].filter(([name]) => name.endsWith(".kernel")).map(([, { shape }]) => shape);
  return [kernels[0]?.at(-2) as number, ...kernels.map((shape) => shape.at(-1) as number)];
}
