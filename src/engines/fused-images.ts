import type { Arrangement } from "../model/layers/arrangement.js";
import { pixelsOf, type Shape, stagesOf, windowPadding } from "../model/layers/stages.js";
import { type NetworkSpec, normalizedAt, norms } from "../model/network.js";
import { inputForm, type Place } from "./fused-memory.js";
import { type Address, type Kernel, STEP_NUMBERS } from "./kernel-module.js";

/** A step's fields in the order of `Step` in `src/kernel/images.ts`. */
type Row = readonly number[];

/** The network as the kernel's list of steps, with the places of its tensors. */
export function buildImages(
  kernel: Kernel,
  net: Address,
  spec: NetworkSpec,
  capacity: number,
  forwardOnly: boolean,
  { trained, moving }: { readonly trained: readonly Place[]; readonly moving: readonly Place[] },
): void {
  const { channels, pixels } = inputForm(spec);
  const table = stepsOf(spec, trained, moving);
  const address = kernel.allocate(table.length * (table[0]?.length ?? 0) * Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(kernel.memory.buffer, address, table.flat().length).set(table.flat());
  kernel.buildImages(
    net,
    address,
    table.length,
    channels,
    pixels,
    floatsOf(trained),
    floatsOf(moving),
    capacity,
    forwardOnly ? 1 : 0,
  );
}

const floatsOf = (places: readonly Place[]) => places.reduce((sum, { length }) => sum + length, 0);

function stepsOf(spec: NetworkSpec, trained: readonly Place[], moving: readonly Place[]): Row[] {
  const at = (places: readonly Place[], name: string) => places.find((place) => place.name === name)?.offset ?? -1;
  const stages = stagesOf(spec);
  const normalized = normalizedAt(spec, stages);
  const places = new Map(norms(spec).map((place) => [place.index, place.arrangement]));
  const steps: Row[] = [];
  const none = { window: [0, 0, 0, 0, 0], arrangement: 0, tensors: [-1, -1, -1, -1] };
  const push = (kind: number, index: number, from: Shape, to: Shape, more: Partial<typeof none> = {}) => {
    const { window, arrangement, tensors } = { ...none, ...more };
    const shapes = [from, to].flatMap(({ channels, height, width }) => [channels, height, width]);
    steps.push([kind, index, ...shapes, ...window, arrangement, ...tensors]);
  };
  const norm = (index: number) => {
    const arrangement = places.get(index);
    if (arrangement === undefined) return;
    const { shape } = arrangement;
    const name = (part: string) => at(trained, `norms.${index}.${part}`);
    push(STEP_NUMBERS.norm, index, shape, shape, {
      arrangement: arrangementNumber(arrangement),
      tensors: [name("gamma"), name("beta"), name("alpha"), at(moving, `norms.${index}.moving_mean`)],
    });
  };
  norm(0);
  for (const [layer, stage] of stages.entries()) {
    for (const step of stage.before) {
      push(STEP_NUMBERS[step.kind], 0, step.from, step.to);
      if (normalized(layer - 1) === step) norm(layer);
    }
    const { top, left } = windowPadding(stage);
    const name = (part: string) => at(trained, `layers.${layer}.${part}`);
    push(STEP_NUMBERS.product, layer, stage.from, stage.to, {
      window: [...stage.kernel, stage.stride, top, left],
      tensors: [name("kernel"), name("bias"), name("gain"), -1],
    });
    if (normalized(layer) === "before") norm(layer + 1);
    if (layer === stages.length - 1) break;
    push(STEP_NUMBERS.activation, layer, stage.to, stage.to);
    if (normalized(layer) === "after") norm(layer + 1);
  }
  return steps;
}

/** The kernel's numbers: as kept, by samples, by position, by line. */
function arrangementNumber({ isKept, shared, columns, shape }: Arrangement): number {
  if (isKept) return 0;
  if (shared === pixelsOf(shape)) return 1;
  return columns === 1 ? 2 : 3;
}
