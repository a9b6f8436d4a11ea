import { made } from "./controls.js";

/** Says something about a part of a chart, beside it; for screen readers where the keyboard led there. */
export interface Tooltip {
  readonly show: (lines: readonly string[], beside: { readonly x: number; readonly y: number }) => void;
  readonly announce: (lines: readonly string[]) => void;
  readonly hide: () => void;
}

/** Between the pointer and the tooltip, px. */
const GAP = 14;

export function makeTooltip(): Tooltip {
  const box = made("div", "tooltip");
  box.setAttribute("aria-hidden", "true");
  box.hidden = true;
  const voice = made("div", "unseen");
  voice.setAttribute("role", "status");
  document.body.append(box, voice);
  return {
    show(lines, { x, y }) {
      box.replaceChildren(...lines.map((line, place) => made(place === 0 ? "strong" : "span", "", line)));
      box.hidden = false;
      const { width, height } = box.getBoundingClientRect();
      const { clientWidth, clientHeight } = document.documentElement;
      const left = x + GAP + width < clientWidth ? x + GAP : Math.max(4, x - GAP - width);
      const top = Math.max(4, Math.min(y + GAP, clientHeight - height - 4));
      box.style.setProperty("left", `${left}px`);
      box.style.setProperty("top", `${top}px`);
    },
    announce(lines) {
      voice.textContent = lines.join(". ");
    },
    hide() {
      box.hidden = true;
    },
  };
}
