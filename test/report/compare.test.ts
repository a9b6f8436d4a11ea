import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bnCompare, emptyFolder, QUICK } from "../cli/command.js";
import { copyOfRun, sharedRun } from "../cli/shared-run.js";

describe("bn-compare compare", () => {
  let [a, b] = ["", ""];

  beforeAll(async () => {
    a = (await sharedRun("run", "--activation", "tanh", ...QUICK)).folder;
    b = (await sharedRun("run", "--activation", "relu", ...QUICK)).folder;
  });

  test("writes one page, and the same again over itself", async () => {
    const cwd = emptyFolder();
    const first = await bnCompare(cwd, "compare", a, b);
    expect(first).toMatchObject({ exitCode: 0, stdout: "compare.html\n", stderr: "" });
    const page = readFileSync(join(cwd, "compare.html"), "utf8");
    expect(page.includes("<h1>2 runs compared</h1>")).toBe(true);
    expect((await bnCompare(cwd, "compare", a, join(b, "result.json"))).exitCode).toBe(0);
    expect(readFileSync(join(cwd, "compare.html"), "utf8") === page).toBe(true);
  });

  test("names every run that cannot be compared, and writes nothing", async () => {
    const cwd = emptyFolder();
    cpSync(a, join(cwd, "copy"), { recursive: true });
    cpSync(a, join(cwd, "old"), { recursive: true });
    const old = readFileSync(join(a, "result.json"), "utf8").replace(/"schemaVersion": \d+/, '"schemaVersion": 1');
    writeFileSync(join(cwd, "old", "result.json"), old);
    writeFileSync(join(cwd, "broken.json"), "{");
    const { exitCode, stderr } = await bnCompare(cwd, "compare", a, a, "copy", "old", "broken.json", "nowhere");
    expect(exitCode).toBe(5);
    expect(stderr).toContain("5 runs cannot be compared");
    expect(stderr).toContain(`${a} is given twice`);
    expect(stderr).toContain(`copy holds the same result as ${a}, byte for byte`);
    expect(stderr).toMatch(/old.result\.json has schemaVersion 1; this bn-compare reads \d/);
    expect(stderr).toContain("broken.json is not JSON");
    expect(stderr).toContain("cannot read the run nowhere: it does not exist");
    expect(existsSync(join(cwd, "compare.html"))).toBe(false);
  });

  test("the same run twice, whatever it is called, is a mistake at the keyboard", async () => {
    const cwd = emptyFolder();
    symlinkSync(a, join(cwd, "link"), "junction");
    cpSync(a, join(cwd, "copy"), { recursive: true });
    const copied = `copy holds the same result as ${a}, byte for byte`;
    for (const [runs, ...messages] of [
      [[a, a], `${a} is given twice`],
      [[a, "link"], "link is given twice"],
      [[a, "copy"], copied],
      [[a, b, "link", "copy"], "link is given twice", copied],
    ] as const) {
      const { exitCode, stderr } = await bnCompare(cwd, "compare", ...runs);
      for (const message of messages) expect(stderr).toContain(message);
      expect(exitCode).toBe(2);
    }
    const missing = await bnCompare(cwd, "compare", a, "link", "nowhere");
    expect(missing).toMatchObject({ exitCode: 5 });
    expect(missing.stderr).toContain("link is given twice");
    expect(existsSync(join(cwd, "compare.html"))).toBe(false);
  });

  test("asks for two runs, and replaces no page that is not its own", async () => {
    const cwd = emptyFolder();
    expect(await bnCompare(cwd, "compare", a)).toMatchObject({ exitCode: 2 });
    writeFileSync(join(cwd, "mine.html"), "<p>mine</p>");
    const { exitCode, stderr } = await bnCompare(cwd, "compare", a, b, "--out", "mine.html");
    expect(exitCode).toBe(5);
    expect(stderr).toContain("will not replace mine.html: bn-compare did not write it");
    expect(readFileSync(join(cwd, "mine.html"), "utf8")).toBe("<p>mine</p>");
    const nowhere = await bnCompare(cwd, "compare", a, b, "--out", join("no", "such", "page.html"));
    expect(nowhere).toMatchObject({ exitCode: 5 });
    expect(nowhere.stderr).toContain("cannot write");
  });
});

describe("bn-compare report", () => {
  test("replaces nothing that stood beside a copied result, but its own earlier report", async () => {
    const cwd = await copyOfRun("--activation", "relu", ...QUICK);
    mkdirSync(join(cwd, "notes"));
    cpSync(join(cwd, "run", "result.json"), join(cwd, "notes", "result.json"));
    writeFileSync(join(cwd, "notes", "summary.md"), "mine");
    const { exitCode, stdout, stderr } = await bnCompare(cwd, "report", join("notes", "result.json"));
    expect([exitCode, stdout]).toEqual([5, ""]);
    expect(stderr).toContain(`will not replace ${join("notes", "summary.md")}`);
    expect(readFileSync(join(cwd, "notes", "summary.md"), "utf8")).toBe("mine");
    expect(existsSync(join(cwd, "notes", "report.html"))).toBe(false);
    mkdirSync(join(cwd, "copy"));
    cpSync(join(cwd, "run", "result.json"), join(cwd, "copy", "result.json"));
    for (let time = 0; time < 2; time += 1) expect((await bnCompare(cwd, "report", "copy")).exitCode).toBe(0);
  });

  test("writes the same report again, and what else is asked for", async () => {
    const cwd = await copyOfRun("--activation", "relu", ...QUICK);
    const first = readFileSync(join(cwd, "run", "report.html"), "utf8");
    const { exitCode, stdout } = await bnCompare(cwd, "report", "run", "--csv", "--chart-format", "both");
    expect(exitCode).toBe(0);
    expect(readFileSync(join(cwd, "run", "report.html"), "utf8") === first).toBe(true);
    for (const name of ["report.html", "arms.csv", "costs.csv", "costs.vl.json", "costs.svg"]) {
      expect(stdout).toContain(join("run", name));
      expect(existsSync(join(cwd, "run", name))).toBe(true);
    }
    expect(existsSync(join(cwd, "run", "summary.md"))).toBe(true);
    expect(stdout).not.toContain("summary.md");
    // A run folder with all of that is still one that a run may replace.
    expect((await bnCompare(cwd, "run", "--quiet", "--activation", "relu", "--out", "run", ...QUICK)).exitCode).toBe(0);
    expect(existsSync(join(cwd, "run", "costs.csv"))).toBe(false);
  });
});
