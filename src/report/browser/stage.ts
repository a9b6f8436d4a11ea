import { layerWords } from "../../charts/wording.js";
import { layerName, type Row } from "../../tables/table.js";
import { t } from "../../text/language.js";
import { type Columns, lastFits, rowsOf, type Stage, type StageArm } from "../payload.js";
import type { Shared } from "./chart-view.js";
import type { Clock } from "./clock.js";
import { made, menu, stateChoice } from "./controls.js";
import { showLayers } from "./layers-view.js";
import type { PageState } from "./state.js";

/** Values for the ends of a chart's signals that are lists. */
export type Looks = Readonly<Record<string, readonly unknown[]>>;

/** Gives a chart's lists and data sets other values, now and whenever it is drawn. */
export type Refresh = (looks: Looks, rows: Readonly<Record<string, readonly Row[]>>) => void;

interface Moved {
  readonly tables: readonly Columns[];
  readonly clock: Clock;
  readonly state: PageState;
  readonly shared: Shared;
  /** Of the fits, where there are some. */
  readonly refreshFits: Refresh | undefined;
}

/** Layers and fits of two nets of a run, moving with the clock. */
export function showStage(
  source: Stage,
  part: HTMLElement,
  { tables, clock, state, shared, refreshFits }: Moved,
): void {
  const canvas = part.querySelector<HTMLElement>(".of-layers");
  if (canvas === null) return;
  const { arms, fits } = source;
  const caption = made("p", "here");
  canvas.before(caption);
  const heights = stateChoice(state, "heights", t`Heights`, ["linear", "square root"], [t`linear`, t`square root`]);
  canvas.after(made("div", "controls", heights.element));
  const view = showLayers(source, tables, canvas, { shared, exponent: () => (heights.place() === 0 ? 1 : 0.5) });
  state.watch("heights", view.redraw);
  const allFits = rowsOf(tables[fits ?? -1]);
  let pair: readonly number[] = [];
  const show = () => {
    const update = clock.update();
    const shown = pair.flatMap((arm) => arms[arm] ?? []);
    view.show(shown, update);
    caption.replaceChildren(...clausesAbout(pair, source, view.place()));
    const own = lastFits(allFits, update).filter((fit) => shown.some(({ label }) => label === fit["arm"]));
    // Vega writes into rows that it is given.
    refreshFits?.(arms.length > 2 ? looksOf(shown) : {}, { fits: own.map((fit) => ({ ...fit })) });
  };
  const choose = () => {
    const places = (state.get("arms") ?? "").split(",").map(Number);
    const isPair = new Set(places).size === 2 && places.every((place) => place in arms);
    pair = isPair ? places : arms.slice(0, 2).map((_, place) => place);
    show();
  };
  state.watch("arms", choose);
  clock.watch(show);
  choose();
  if (arms.length < 3) return;
  const labels = arms.map(({ label }) => label);
  caption.before(pairMenus(labels, () => pair, state));
}

/** What tells the fits of other arms than the first two apart; in front of these the true curve keeps its look. */
function looksOf(arms: readonly StageArm[]): Looks {
  return {
    lines: arms.map(({ label }) => label),
    texts: arms.map(({ label, legend = label }) => legend),
    colors: arms.map(({ color }) => color),
    dashes: arms.map(({ dash }) => [...dash]),
    fitted: arms.map(({ label }) => label),
  };
}

/** "plain costs 861; bn costs 357.", with the arms' names in their colors. */
function clausesAbout(pair: readonly number[], { arms, whose }: Stage, place: number): (string | HTMLElement)[] {
  const clauses = pair.flatMap((arm, index) => {
    const name = made("b", `arm arm-${arm}`, arms[arm]?.label ?? "");
    return [index === 0 ? "" : "; ", name, ` ${arms[arm]?.captions[place] ?? ""}`];
  });
  return [whose, ...clauses, "."];
}

/** Of more than two arms, which one is above the axis and which below it. */
function pairMenus(names: readonly string[], pair: () => readonly number[], state: PageState): HTMLElement {
  const menus = [t`above`, t`below`].map((side, at) =>
    menu(side, names, (chosen) => {
      // An arm on both sides would say nothing: the other side takes what this one had.
      const next = pair().map((arm, place) => (place === at ? chosen : arm === chosen ? (pair()[at] ?? 0) : arm));
      state.set("arms", next.join());
    }),
  );
  const show = () => {
    for (const [at, { show }] of menus.entries()) show(pair()[at] ?? 0);
  };
  state.watch("arms", show);
  show();
  return made("div", "controls", ...menus.map(({ element }) => element));
}

/** What lists call the layers that any of the stages draws, by name; of several runs that is the name. */
export function layersOf(stages: readonly Stage[]): ReadonlyMap<string, string> {
  return new Map(
    stages.flatMap(({ layers: { drawn, count, labels = [] } }) =>
      drawn.map((layer, place): [string, string] => {
        const name = layerName(layer, count);
        return [name, (stages.length === 1 ? labels[place] : undefined) ?? layerWords(name)];
      }),
    ),
  );
}
