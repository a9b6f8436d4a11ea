import { readFileSync } from "node:fs";
import { EXIT, ExpectedError } from "../errors.js";

/** The page's own script with Vega in it, and its style sheet, as `npm run build` leaves them. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

let loaded: Assets | undefined;

export function loadAssets(): Assets {
  loaded ??= { script: builtFile("runtime.js"), style: builtFile("page.css") };
  return loaded;
}

function builtFile(name: string): string {
  try {
    // The same from src and from dist.
    return readFileSync(new URL(`../../dist/report/${name}`, import.meta.url), "utf8");
  } catch (cause) {
    throw new ExpectedError(EXIT.bug, `this installation lacks dist/report/${name}: build it with npm run build`, {
      cause,
    });
  }
}
