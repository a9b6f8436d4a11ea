import { expect, test } from "vitest";
import { drawPictures } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import { slimSvg } from "../../src/report/slim-svg.js";
import { makeResult } from "../charts/result-fixture.js";
import { scanXml } from "../charts/svg-scan.js";

test("a slim picture is sound, and every shape in it is one that the picture has", async () => {
  const pictures = await drawPictures(alone(makeResult({ hiddenLayers: 7, updates: 250 })));
  for (const [name, { bare: svg }] of pictures) {
    const slim = slimSvg(svg, "p");
    const { attributes, texts } = scanXml(slim);
    expect(texts.join(""), name).toBe(scanXml(svg).texts.join(""));
    expect(slim.length, name).toBeLessThan(svg.length);
    const [uses, shapes] = [slim.match(/<use /g)?.length ?? 0, slim.match(/<(?:path|line) id=/g)?.length ?? 0];
    const count = (text: string) => text.match(/<(?:path|line) /g)?.length ?? 0;
    // What cannot be seen is left out: hidden ticks, and lines without points.
    const unseen = svg.match(/<(?:path|line)(?![^>]* (?:d|x2|y2)=")[^>]*>|<(?:path|line)[^>]* opacity="0"[^>]*>/g);
    expect(count(slim) - shapes + uses, name).toBe(count(svg) - (unseen?.length ?? 0));
    const ids = attributes.filter((attribute) => attribute.name === "id").map(({ value }) => value);
    for (const { name: key, value } of attributes) if (key === "href") expect(ids).toContain(value.slice(1));
  }
});
