import type { RunFormat } from "./format.js";

const FILE = "training.svg";

/** The moving picture that the report opens with, as a file. */
export const animation: RunFormat = {
  names: [FILE],
  wanted: (settings) => settings.animation ?? false,
  from: "record",
  async files({ result }) {
    const { animationOf } = await import("../../report/animation.js");
    const file = await animationOf(result);
    return new Map(file === undefined ? [] : [[FILE, file]]);
  },
};
