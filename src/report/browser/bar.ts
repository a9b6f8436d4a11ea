import { t } from "../../text/language.js";
import type { Clock } from "./clock.js";
import { type Chooser, iconButton, made, menu, showIcon } from "./controls.js";
import type { PageState } from "./state.js";

/** What moves the page, always in sight: play, step, a slider over the updates, the highlighted layer, the presentation. */
export function showBar(
  clock: Clock,
  state: PageState,
  layers: ReadonlyMap<string, string>,
  present: (() => void) | undefined,
): void {
  const toggler = iconButton("play", clock.toggle);
  clock.watchPlaying((isPlaying) => showIcon(toggler, isPlaying ? "pause" : "play"));
  const step = iconButton("step", () => clock.step(1));
  const bar = made("div", "bar controls", toggler, step, slider(clock), layerMenu(state, layers).element);
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", t`Training, update by update`);
  if (present !== undefined) bar.append(iconButton("present", present));
  document.body.append(bar);
}

function slider(clock: Clock): HTMLElement {
  const figures = made("output");
  const input = Object.assign(made("input"), { type: "range", min: "0", max: String(clock.updates.length - 1) });
  // On a phone the name is not there to see.
  input.setAttribute("aria-label", t`update`);
  input.addEventListener("input", () => {
    clock.stop();
    clock.goTo(clock.updates[Number(input.value)] ?? 0);
  });
  const show = (update: number) => {
    input.value = String(clock.updates.indexOf(update));
    input.setAttribute("aria-valuetext", t`update ${update}`);
    figures.textContent = String(update);
  };
  show(clock.update());
  clock.watch(show);
  return made("label", "slider", made("span", "", t`update`), input, figures);
}

function layerMenu(state: PageState, layers: ReadonlyMap<string, string>): Chooser {
  const names = [...layers.keys()];
  const made = menu(t`highlight`, [t`no layer`, ...layers.values()], (place) => state.set("layer", names[place - 1]));
  const show = (layer = "") => made.show(names.indexOf(layer) + 1);
  show(state.get("layer"));
  state.watch("layer", show);
  return made;
}

/** Where an element answers to keys itself. */
const OWN_ARROWS = "input, select, textarea, [role=application], .canvas, .table, pre";
const OWN_SPACE = `${OWN_ARROWS}, button, summary, a`;

/** The space bar plays and pauses, arrows step, wherever nothing else answers to them. */
export function followKeys(clock: Clock): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const isOf = (elements: string) => event.target instanceof Element && event.target.closest(elements) !== null;
    if (event.key === " " && !isOf(OWN_SPACE)) clock.toggle();
    else if (event.key === "ArrowLeft" && !isOf(OWN_ARROWS)) clock.step(-1);
    else if (event.key === "ArrowRight" && !isOf(OWN_ARROWS)) clock.step(1);
    else return;
    event.preventDefault();
  });
}
