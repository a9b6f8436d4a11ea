import { unavailableError } from "../errors.js";

/** Turns SVGs into PNGs, twice as large as they are drawn, with the fonts of the machine. */
export type PngRenderer = (svg: string) => Uint8Array;

const SCALE = 2;

/** Loads the renderer; throws an expected error where it is not installed. */
export async function loadPngRenderer(): Promise<PngRenderer> {
  let resvg: typeof import("@resvg/resvg-js");
  try {
    resvg = await import("@resvg/resvg-js");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw unavailableError(
      `--png needs the package @resvg/resvg-js, which does not load here (${why}): npm install @resvg/resvg-js`,
    );
  }
  return (svg) => {
    const options = {
      fitTo: { mode: "zoom", value: SCALE },
      font: { loadSystemFonts: true, defaultFontFamily: "Liberation Sans" },
    } as const;
    return new resvg.Resvg(svg, options).render().asPng();
  };
}
