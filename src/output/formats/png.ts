import { CHARTS } from "../../charts/index.js";
import { unavailableError } from "../../errors.js";
import { t } from "../../text/language.js";
import type { RunFormat } from "./format.js";

const SCALE = 2;
const nameOf = (chart: string): string => `${chart}.png`;

/** The pictures as pixels, twice as large as they are drawn, with the fonts of the machine. */
export const png: RunFormat = {
  names: CHARTS.map(({ name }) => nameOf(name)),
  wanted: (settings) => settings.png ?? false,
  load: loadResvg,
  from: "record",
  async files({ pictures }) {
    const { Resvg } = await loadResvg();
    const options = {
      fitTo: { mode: "zoom", value: SCALE },
      font: { loadSystemFonts: true, defaultFontFamily: "Liberation Sans" },
    } as const;
    return new Map([...pictures].map(([name, { file }]) => [nameOf(name), new Resvg(file, options).render().asPng()]));
  },
};

async function loadResvg(): Promise<typeof import("@resvg/resvg-js")> {
  try {
    return await import("@resvg/resvg-js");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw unavailableError(
      t`--png needs the package @resvg/resvg-js, which does not load here (${why}): npm install @resvg/resvg-js`,
    );
  }
}
