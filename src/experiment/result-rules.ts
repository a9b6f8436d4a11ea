import type { ArmResult, Checkpoint, Result } from "./result.js";

/** Where a result contradicts itself, and how. */
export interface ResultFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = ResultFault["path"];

/** What must fit together in a result and no single value's type says: what is drawn and told rests on it. */
export function faultsOf(result: Result): ResultFault[] {
  const { config, arms, seeds, effects } = result;
  const names = Object.keys(arms);
  const numbers = seeds.map(({ seed }) => seed);
  const same = (others: Readonly<Record<string, unknown>>) =>
    Object.keys(others).length === names.length && names.every((name) => Object.hasOwn(others, name));
  return [
    ...when(names.length === 0, ["arms"], "no arm is there"),
    ...when(config.sizes.length < 3, ["config", "sizes"], "an input, a hidden layer and an output are the least"),
    ...when(numbers[0] !== config.seed, ["seeds", 0, "seed"], `is not the experiment's first seed, ${config.seed}`),
    ...when(new Set(numbers).size < numbers.length, ["seeds"], "a seed stands twice"),
    ...seeds.flatMap((seed, place) => when(!same(seed.arms), ["seeds", place, "arms"], "are not the result's arms")),
    ...Object.entries(effects).flatMap(([name, { against }]) =>
      when(!(names.includes(name) && names.includes(against)), ["effects", name], "is about no arm of the result"),
    ),
    ...Object.entries(arms).flatMap(([name, arm]) => armFaults(arm, ["arms", name], result)),
  ];
}

function armFaults(arm: ArmResult, path: Path, { data }: Result): ResultFault[] {
  const points = data.grid?.length ?? data.drawn.y.length;
  return [
    ...when(!rises(arm.costs), [...path, "costs"], "its updates do not rise"),
    ...when(!rises(arm.checkpoints), [...path, "checkpoints"], "its updates do not rise"),
    ...when(
      arm.status === "trained" && arm.fit.length !== points,
      [...path, "fit"],
      `has not one value for each of ${points} points`,
    ),
    ...arm.checkpoints.flatMap((checkpoint, place) => binFaults(checkpoint, [...path, "checkpoints", place])),
  ];
}

function binFaults({ layers }: Checkpoint, path: Path): ResultFault[] {
  return layers.flatMap((layer, place) =>
    (["preActivation", "layerInput"] as const).flatMap((quantity) => {
      const { counts, edges } = layer[quantity];
      const isWrong = edges.length !== counts.length + 1;
      return when(isWrong, [...path, "layers", place, quantity], "edges are not one more than counts");
    }),
  );
}

function rises(entries: readonly { readonly update: number }[]): boolean {
  return entries.every(({ update }, place) => place === 0 || update > (entries[place - 1]?.update ?? -1));
}

function when(isFault: boolean, path: Path, message: string): ResultFault[] {
  return isFault ? [{ path, message }] : [];
}
