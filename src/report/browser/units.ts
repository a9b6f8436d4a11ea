import { layerName as layerKey } from "../../tables/table.js";
import { t } from "../../text/language.js";
import { layerName } from "../../text/places.js";
import {
  choiceText,
  chosenUnit,
  firstChoice,
  formulaOf,
  netPicture,
  type PageUnits,
  pictureSize,
  unitRows,
  unitText,
} from "../units.js";
import { made, menu } from "./controls.js";
import type { Refresh } from "./stage.js";
import type { PageState } from "./state.js";

/** Lets a reader choose a unit, by lists or in the drawing of the net; the page's `unit` keeps it. */
export function showUnits(units: PageUnits, state: PageState, refresh: Refresh | undefined): void {
  const part = document.getElementById("one-unit");
  const net = part?.querySelector("svg.net");
  const [said, formula] = [".unit-said", ".formula"].map((name) => part?.querySelector(name));
  if (!(part instanceof HTMLDetailsElement) || !net || !said || !formula) return;
  const { arms } = units;
  const chosen = () => chosenUnit(units, state.get("unit")) ?? firstChoice(units);
  const choose = (change: Partial<ReturnType<typeof chosen>>) => {
    const next = { ...chosen(), ...change };
    const layers = arms[next.arm]?.layers ?? [];
    const layer = Math.min(next.layer, layers.length - 1);
    const unit = Math.min(next.unit, (layers[layer]?.low.length ?? 1) - 1);
    state.set("unit", choiceText({ ...next, layer, unit }));
    // Its histogram is marked in every chart.
    if (change.layer !== undefined) state.set("layer", layerKey(layer, layers.length + 1));
  };
  const menus = () => {
    const { arm, layer, unit } = chosen();
    const layers = arms[arm]?.layers ?? [];
    const labels = arms.map(({ label }) => label);
    const names = layers.map((_, place) => layerName(place, layers.length + 1));
    const numbers = (layers[layer]?.low ?? []).map((_, place) => String(place + 1));
    const lists = [
      { at: arm, ...menu(t`net`, labels, (place) => choose({ arm: place })) },
      { at: layer, ...menu(t`layer`, names, (place) => choose({ layer: place })) },
      { at: unit, ...menu(t`unit`, numbers, (place) => choose({ unit: place })) },
    ];
    for (const { at, show } of lists) show(at);
    return lists.map(({ element }) => element);
  };
  const controls = made("div", "controls", ...menus());
  part.querySelector("summary")?.after(controls);
  const show = () => {
    const choice = chosen();
    const own = arms[choice.arm];
    if (own === undefined) return;
    const focused = [...controls.children].findIndex((child) => child.contains(document.activeElement));
    controls.replaceChildren(...menus());
    controls.children[focused]?.querySelector("select")?.focus();
    said.textContent = unitText(units, choice);
    formula.replaceChildren(...formulaOf(units, choice).map((line) => made("span", "", line)));
    const { width, height } = pictureSize(own);
    net.setAttribute("viewBox", `0 0 ${width} ${height}`);
    net.setAttribute("class", `net arm arm-${own.place}`);
    net.innerHTML = netPicture(units, choice);
    refresh?.({}, { unit: unitRows(units, choice) });
  };
  net.addEventListener("click", ({ target }) => {
    const [layer, unit] = (target as Element).getAttribute("data-at")?.split(".").map(Number) ?? [];
    if (layer !== undefined) choose(unit === undefined ? { layer } : { layer, unit });
  });
  state.watch("unit", show);
  show();
  // A link to a unit shows it.
  if (chosenUnit(units, state.get("unit")) !== undefined) part.open = true;
}
