import { readFileSync } from "node:fs";
import { EXIT, ExpectedError } from "../errors.js";
import { t } from "../text/language.js";

/** What pages are made of, as `npm run build` leaves it. */
export interface Assets {
  /** The page's own script with Vega in it. */
  readonly script: string;
  readonly style: string;
  /** The worker that trains in a page and the kernel that it runs, deflated and in base64. */
  readonly lab: { readonly worker: string; readonly kernel: string };
}

let loaded: Assets | undefined;

export function loadAssets(): Assets {
  loaded ??= {
    script: builtFile("runtime.js"),
    style: builtFile("page.css"),
    lab: { worker: builtFile("lab-worker.txt"), kernel: builtFile("lab-kernel.txt") },
  };
  return loaded;
}

/** The playground, whole. */
export function playgroundPage(): string {
  return builtFile("playground.html").replace("{{kernel}}", builtFile("lab-kernel.txt"));
}

/** A file of the build for pages. */
function builtFile(name: string): string {
  try {
    // The same from src and from dist.
    return readFileSync(new URL(`../../dist/report/${name}`, import.meta.url), "utf8");
  } catch (cause) {
    throw new ExpectedError(EXIT.bug, t`this installation lacks dist/report/${name}: build it with npm run build`, {
      cause,
    });
  }
}
