import { parse, View } from "vega";
import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { charts } from "../../src/charts/pictures.js";
import { renderBare, renderSvg } from "../../src/charts/render.js";
import { themeConfig } from "../../src/charts/theme.js";
import { withTitle } from "../../src/charts/title.js";
import { cases } from "./cases.js";
import { scanXml } from "./svg-scan.js";

const size = (svg: string) => /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)?.slice(1).map(Number);
const origin = (svg: string) => /<g [^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"/.exec(svg)?.slice(1).map(Number);

describe("a title block that is put over a drawing", () => {
  test.each(["trained", "ten seeds", "hostile arm names"])("takes the room that Vega gives it: %s", async (name) => {
    for (const [file, chart] of Object.entries(charts(cases[name] as never))) {
      const options = { title: "", description: "", idPrefix: "x" };
      const ours = await renderSvg(chart.spec, options);
      const view = new View(parse(compile(chart.spec, { config: themeConfig }).spec), { renderer: "none" });
      const theirs = await view.toSVG();
      view.finalize();
      for (const [one, other] of [
        [size(ours), size(theirs)],
        [origin(ours), origin(theirs)],
      ]) {
        for (const side of [0, 1]) {
          // Vega rounds widths of texts up, each in its own place.
          expect(Math.abs((one?.[side] ?? 0) - (other?.[side] ?? 99)), `${name}, ${file}`).toBeLessThanOrEqual(1);
        }
      }
      expect(scanXml(ours).texts.join("").trim().length).toBe(
        scanXml(theirs.replace(/&quot;|&#39;/g, "'")).texts.join("").length,
      );
    }
  });

  test("keeps its texts text, and is found in the file alone", async () => {
    const { spec } = charts(cases["trained"] as never)["costs.svg"] ?? {};
    if (spec === undefined) throw new Error("no costs");
    const bare = await renderBare(spec, { title: "", description: "", idPrefix: "x" });
    const svg = withTitle(bare, { text: ["a <b> & \u0000c"], subtitle: ["</svg>"] });
    expect(scanXml(svg).texts).toEqual(expect.arrayContaining(["a <b> & \ufffdc", "</svg>"]));
    expect(bare).not.toContain("Cost during training");
  });
});
