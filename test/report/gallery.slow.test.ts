import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHARTS } from "../../src/charts/index.js";
import { readRun } from "../../src/output/run-reader.js";
import { sentenceText } from "../../src/report/labeled-arms.js";
import { readingOf } from "../../src/report/reading.js";
import { sharedRun } from "../cli/shared-run.js";

const docs = (path: string) => new URL(`../../docs/${path}`, import.meta.url);

/** Each entry: a picture, what it shows, and the command that draws it. */
const entries = [
  ...readFileSync(docs("gallery.md"), "utf8").matchAll(
    /^## (.+)\n\n!\[[^\]]+\]\((images\/gallery\/[\w-]+\.(\w+)\.svg)\)\n\n([\s\S]+?)\n\n```sh\nnpx bn-compare (.+)\n```$/gm,
  ),
].map(([, title, image, picture, caption, command]) => ({ title, image, picture, caption, command }) as Entry);

interface Entry {
  readonly title: string;
  readonly image: string;
  readonly picture: string;
  readonly caption: string;
  readonly command: string;
}

test("the gallery has an entry for each of what it is about", () => {
  expect(entries.map(({ title }) => title.split(":")[0])).toEqual([
    "ReLU",
    "tanh",
    "sigmoid",
    "Mini-batches",
    "Slow moving averages",
    "Controls",
    "Normalizers",
    "Optimizers",
  ]);
});

test("the moving picture of the gallery is what its command draws", async () => {
  const { folder } = await sharedRun("run", "--activation", "tanh", "--epochs", "250", "--animation");
  const drawn = readFileSync(join(folder, "training.svg"), "utf8");
  await expect(drawn).toMatchFileSnapshot(docs("images/training.svg").pathname);
}, 120_000);

// To draw all of it anew: npx vitest run test/report/gallery.slow.test.ts --update, and then its sentences by hand.
describe("the gallery shows and says what the commands printed in it draw", () => {
  test.each(entries)("$command", async ({ image, picture, caption, command }) => {
    const { exitCode, folder } = await sharedRun(...command.split(" "));
    expect(exitCode).toBe(0);
    const name = CHARTS.find((chart) => chart.name === picture)?.name;
    if (name === undefined) throw new Error(`no picture is called ${picture}`);
    const { result } = readRun(folder);
    const drawn = readFileSync(join(folder, `${name}.svg`), "utf8");
    // Two arms, or up to eighteen.
    const { arms } = JSON.parse(readFileSync(join(folder, "result.json"), "utf8"));
    const limit = Object.keys(arms).length > 2 ? 1_600_000 : 1_200_000;
    expect(statSync(join(folder, "report.html")).size).toBeLessThan(limit);
    await expect(drawn).toMatchFileSnapshot(docs(image).pathname);
    const said = readingOf(name, result).map((sentence) => sentenceText(sentence, result));
    expect(caption.replace(/\s+/g, " ")).toBe(said.join(" ").replace(/\s+/g, " "));
  });
});
