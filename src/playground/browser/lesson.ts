import { LESSON, type Seen, type Step } from "../lesson.js";

/** Makes the run of a step and returns both nets where it is looked at. */
export type RunStep = (step: Step) => Promise<Seen>;

/** Step after step: a prediction, a run, and what came of it. */
export function showLesson(place: HTMLElement, run: RunStep): void {
  const show = (at: number, hasFocus: boolean) => {
    const step = LESSON[at];
    if (step === undefined) return;
    const title = element("h2", `${at + 1} of ${LESSON.length}: ${step.title}`);
    title.tabIndex = -1;
    const options = element("fieldset", "");
    const legend = element("legend", "Your prediction");
    legend.className = "unseen";
    options.append(legend);
    const inputs = step.options.map((text) => {
      const [label, input] = [document.createElement("label"), document.createElement("input")];
      Object.assign(input, { type: "radio", name: "prediction" });
      input.addEventListener("change", () => {
        runs.disabled = false;
      });
      label.append(input, ` ${text}`);
      options.append(label);
      return input;
    });
    const says = element("p", "");
    says.setAttribute("role", "status");
    const runs = button("Run", async () => {
      runs.disabled = true;
      says.textContent = "training …";
      try {
        const seen = await run(step);
        const [guess, truth] = [inputs.findIndex(({ checked }) => checked), step.answer(seen)];
        says.textContent = `${guess === truth ? "As you predicted" : "Not as you predicted"}: ${step.options[truth]}. ${step.says(seen)}`;
      } catch (error) {
        says.textContent = error instanceof Error ? error.message : String(error);
      }
      runs.disabled = false;
    });
    runs.disabled = true;
    const [before, next] = [button("Previous", () => show(at - 1, true)), button("Next", () => show(at + 1, true))];
    before.disabled = at === 0;
    next.disabled = at === LESSON.length - 1;
    const row = element("div", "");
    row.className = "row";
    row.append(runs, before, next);
    place.replaceChildren(title, element("p", step.ask), options, row, says);
    if (hasFocus) title.focus();
  };
  show(0, false);
}

function element<Name extends "h2" | "p" | "fieldset" | "legend" | "div">(
  name: Name,
  text: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function button(name: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = name;
  made.addEventListener("click", press);
  return made;
}
