import { t } from "../../text/language.js";
import type { PageState } from "./state.js";

type Tags = HTMLElementTagNameMap;

/** An element of a class, "" for none, with what is in it. */
export function made<Tag extends keyof Tags>(
  tag: Tag,
  className = "",
  ...parts: readonly (Node | string)[]
): Tags[Tag] {
  const created = document.createElement(tag);
  if (className !== "") created.className = className;
  created.append(...parts);
  return created;
}

/** Something to choose one of several with. */
export interface Chooser {
  readonly element: HTMLElement;
  /** Shows what was chosen elsewhere. */
  readonly show: (place: number) => void;
}

/** Radio buttons side by side; `choose` gets the place of the chosen one. */
export function choice(legend: string, names: readonly string[], choose: (place: number) => void): Chooser {
  const group = made("fieldset", "choice", made("legend", "unseen", legend));
  const id = `choice-${document.querySelectorAll("fieldset").length}`;
  const inputs = names.map((name, place) => {
    const input = Object.assign(made("input"), { type: "radio", name: id, checked: place === 0 });
    input.addEventListener("change", () => choose(place));
    group.append(made("label", "", input, made("span", "", name)));
    return input;
  });
  return {
    element: group,
    show(place) {
      const input = inputs[place];
      if (input !== undefined) input.checked = true;
    },
  };
}

/** Radio buttons for one of the page's states, whose first value it has where it says none. */
export function stateChoice(state: PageState, key: string, legend: string, names: readonly string[], labels = names) {
  const place = () => Math.max(0, names.indexOf(state.get(key) ?? ""));
  const { element, show } = choice(legend, labels, (chosen) =>
    state.set(key, chosen === 0 ? undefined : names[chosen]),
  );
  state.watch(key, () => show(place()));
  show(place());
  return { element, place };
}

/** A list to choose from, behind a label. */
export function menu(name: string, options: readonly string[], choose: (place: number) => void): Chooser {
  const select = made("select", "", ...options.map((text, place) => new Option(text, String(place))));
  select.addEventListener("change", () => choose(select.selectedIndex));
  return {
    element: made("label", "menu", `${name} `, select),
    show(place) {
      select.selectedIndex = place;
    },
  };
}

export function button(name: string, press: () => void): HTMLButtonElement {
  const pressed = made("button", "", name);
  pressed.type = "button";
  pressed.addEventListener("click", press);
  return pressed;
}

/** Paths of 16 × 16 px. */
const ICONS = {
  play: "M4 2l10 6-10 6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  step: "M3 2l7 6-7 6zM11 2h3v12h-3z",
  present: "M1 2h14v10H1zM3 4v6h10V4zM5 13h6v2H5z",
} as const;
type Icon = keyof typeof ICONS;
const ICON_NAMES: Readonly<Record<Icon, string>> = {
  play: t`play`,
  pause: t`pause`,
  step: t`step`,
  present: t`present`,
};

/** A button with an icon, whose name is for those who do not see it. */
export function iconButton(name: Icon, press: () => void): HTMLButtonElement {
  const pressed = button("", press);
  showIcon(pressed, name);
  return pressed;
}

export function showIcon(button: HTMLButtonElement, name: Icon): void {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  picture.append(path);
  button.replaceChildren(picture);
  button.className = `icon ${name}`;
  button.setAttribute("aria-label", ICON_NAMES[name]);
  button.title = ICON_NAMES[name];
}
