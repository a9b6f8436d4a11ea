import { numberText, percentText } from "../../text/numbers.js";
import { costIn, layersIn, type Shown } from "./charts.js";
import { find } from "./elements.js";

/** The charts in words; while they play, no screen reader is told. */
export function describe({ arms, mode }: Shown, isPlaying: boolean): void {
  const ends = arms.map(({ look, frame }) => {
    const cost = costIn(mode, frame);
    if (frame.isDiverged) return `${look.name} diverged at update ${frame.update}`;
    return `${look.name}: ${cost === null ? "no averages yet" : `cost ${numberText(cost)}`}`;
  });
  const text = `${ends.join(" · ")}, in ${mode} mode`;
  const status = find(".status");
  status.setAttribute("aria-live", isPlaying ? "off" : "polite");
  status.textContent = text;
  say("fit", `Points and what the nets predict. ${text}.`);
  say("costs", `Mean squared error on a logarithmic scale; thin lines show the other mode.`);
  const flat = arms.map(({ look, frame }) => {
    const shares = layersIn(mode, frame).flatMap(({ flatShare }) => flatShare ?? []);
    return shares.length === 0 ? undefined : `${look.name} up to ${percentText(Math.max(...shares))}`;
  });
  const share = flat.some((each) => each !== undefined) ? ` Flat: ${flat.join(", ")}.` : "";
  say("layers", `What each layer's activation receives in ${mode} mode, −8 to 8 (heights are square roots).${share}`);
  say(
    "by-layer",
    `Share of values where the activation is flat, in ${mode} mode, and the size of the gradient that reaches each layer in training.`,
  );
}

function say(id: string, text: string): void {
  find(`#${id} figcaption`).textContent = text;
  find(`#${id} canvas`).setAttribute("aria-label", text);
}
