export function made<Name extends "b" | "div" | "p">(element: Name, className: string): HTMLElementTagNameMap[Name] {
  const created = document.createElement(element);
  created.className = className;
  return created;
}

/** Controls side by side. */
export function row(...parts: readonly HTMLElement[]): HTMLElement {
  const controls = made("div", "controls");
  controls.append(...parts);
  return controls;
}

/** Radio buttons side by side; `choose` gets the place of the chosen one. */
export function choice(legend: string, names: readonly string[], choose: (place: number) => void): HTMLElement {
  const group = document.createElement("fieldset");
  group.className = "choice";
  const title = document.createElement("legend");
  title.className = "unseen";
  title.textContent = legend;
  group.append(title);
  const id = `choice-${document.querySelectorAll("fieldset").length}`;
  for (const [place, name] of names.entries()) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: id, checked: place === 0 });
    input.addEventListener("change", () => choose(place));
    const text = document.createElement("span");
    text.textContent = name;
    label.append(input, text);
    group.append(label);
  }
  return group;
}

export function button(name: string, press: () => void): HTMLButtonElement {
  const pressed = document.createElement("button");
  pressed.type = "button";
  pressed.textContent = name;
  pressed.addEventListener("click", press);
  return pressed;
}

/** A list to choose from, behind a label; `first` is the place of what is chosen at first. */
export function menu(
  name: string,
  options: readonly string[],
  choose: (place: number) => void,
  first = 0,
): HTMLElement {
  const label = document.createElement("label");
  label.className = "menu";
  const select = document.createElement("select");
  select.append(...options.map((text, place) => new Option(text, String(place))));
  select.selectedIndex = first;
  select.addEventListener("change", () => choose(select.selectedIndex));
  label.append(`${name} `, select);
  return label;
}
