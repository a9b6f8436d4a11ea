import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changedBuild, KERNEL_SIGN, NORM_SIGN, RATE, ROUNDING, runBuild } from "./check-builds.js";
import { emptyFolder, MAIN, shellCode } from "./command.js";

/** Small and quick; the plain arm explodes at once, as in the tutorial. */
const EXPERIMENT = `activation: relu
samples: 120
width: 12
hiddenLayers: 5
initStd: 1.5
epochs: 40
histogramEvery: 10
check:
  seeds: 6
  maxSeeds: 12
`;

let recorded: string;
beforeAll(async () => {
  recorded = mkdtempSync(join(tmpdir(), "bn-compare-check-"));
  mkdirSync(join(recorded, "experiments/small"), { recursive: true });
  writeFileSync(join(recorded, "experiments/small/experiment.yaml"), EXPERIMENT);
  const { exitCode, stderr } = await runBuild(MAIN, recorded, ["check", "--update"]);
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => rmSync(recorded, { recursive: true, force: true }));

/** A folder with the experiment and its baseline. */
function workplace(): string {
  const cwd = emptyFolder();
  cpSync(recorded, cwd, { recursive: true });
  return cwd;
}

const baselineOf = (cwd: string) => join(cwd, "experiments/small/baseline.json");

const check = (cwd: string, ...args: string[]) => runBuild(MAIN, cwd, ["check", "--quiet", ...args]);

/** The experiment's file with a text replaced; fails where it is not there. */
function edit(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(file, "utf8");
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(file, edited);
}

describe("a baseline", () => {
  test("records what a later run is compared with", () => {
    const baseline = JSON.parse(readFileSync(baselineOf(recorded), "utf8"));
    expect(baseline).toMatchObject({ baselineVersion: 2, engine: { name: "fused", reproducible: "everywhere" } });
    expect(baseline.configHash).toMatch(/^[0-9a-f]{64}$/);
    expect(baseline.seeds.map(({ seed }: { seed: number }) => seed)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    expect(baseline.seeds[0].arms.plain).toMatchObject({ status: "diverged" });
    const { final } = baseline.seeds[0].arms.bn;
    expect(final).toEqual({ train: expect.any(Number), inference: expect.any(Number), recalibrated: final.train });
    const [update, digest] = baseline.digests.bn.updates[7];
    expect(update).toBe(7);
    expect(digest).toMatch(new RegExp(`^[0-9a-f]{${8 * baseline.digests.bn.tensors.length}}$`));
    expect(readdirSync(join(recorded, "experiments/small")).sort()).toEqual([
      `baseline-${baseline.recordedStates.sha256.slice(0, 16)}.safetensors`,
      "baseline.json",
      "experiment.yaml",
    ]);
  });

  test("of the same code is met exactly: identical, exit 0", async () => {
    const { exitCode, stdout } = await check(workplace());
    expect(stdout).toContain("PASS  small");
    expect(stdout).toContain("identical to the baseline: 6 seeds");
    expect(exitCode).toBe(0);
  });

  test("is written the same again, and says so", async () => {
    const cwd = workplace();
    const before = readFileSync(baselineOf(cwd));
    const { exitCode, stdout } = await runBuild(MAIN, cwd, ["check", "--update"]);
    expect([exitCode, stdout.includes("nothing changed")]).toEqual([0, true]);
    expect(readFileSync(baselineOf(cwd)).equals(before)).toBe(true);
  });

  test("is told in words alone", async () => {
    const { exitCode, stdout, stderr } = await runBuild(MAIN, workplace(), ["check", "--update", "--json"]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("use --json without --update");
  });

  test("is not written in CI, unless forced", async () => {
    const cwd = workplace();
    const before = readFileSync(baselineOf(cwd));
    edit(join(cwd, "experiments/small/experiment.yaml"), "epochs: 40", "epochs: 41");
    const refused = await runBuild(MAIN, cwd, ["check", "--update"], { CI: "true" });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("--force");
    expect(readFileSync(baselineOf(cwd)).equals(before)).toBe(true);
    const forced = await runBuild(MAIN, cwd, ["check", "--update", "--force"], { CI: "true" });
    expect(forced.exitCode).toBe(0);
    expect(forced.stdout).toContain("updates: 40 in the baseline, now 41");
  });
});

describe("nothing to compare with is exit 2, with the way out", () => {
  const cases: [string, (cwd: string) => void, RegExp][] = [
    ["no baseline", (cwd) => rmSync(baselineOf(cwd)), /has no baseline\.json; .*check --update/],
    [
      "a truncated one",
      (cwd) => writeFileSync(baselineOf(cwd), readFileSync(baselineOf(cwd), "utf8").slice(0, 5000)),
      /not JSON.*truncated.*check --update/,
    ],
    ["a NaN in it", (cwd) => edit(baselineOf(cwd), /"train": [\d.]+/, '"train": "NaN"'), /train is "NaN".*/],
    [
      "a missing value",
      (cwd) => edit(baselineOf(cwd), /"inference": [\d.]+\n/, '"other": 1\n'),
      /inference is missing/,
    ],
    [
      "another layout",
      (cwd) => edit(baselineOf(cwd), '"baselineVersion": 2', '"baselineVersion": 9'),
      /baselineVersion 9.*check --update/,
    ],
    [
      "another configuration",
      (cwd) => edit(join(cwd, "experiments/small/experiment.yaml"), "width: 12", "width: 13"),
      /for another configuration:\n(?:.*\n)* {2}width: 12 in the baseline, now 13\n(?:.*\n)*.*check --update/,
    ],
    ["an edited configuration", (cwd) => edit(baselineOf(cwd), '"noise": 8', '"noise": 9'), /configHash/],
    [
      "a missing seed",
      (cwd) => edit(join(cwd, "experiments/small/experiment.yaml"), "seeds: 6", "seeds: 13"),
      /seed|configuration/,
    ],
  ];
  test.each(cases)("%s", async (_, harm, message) => {
    const cwd = workplace();
    harm(cwd);
    const { exitCode, stdout, stderr } = await check(cwd);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
    expect(stdout).not.toContain("PASS");
  });

  test("no experiment that matches", async () => {
    for (const args of [["no-such"], ["experiments/x*"]]) {
      const { exitCode, stderr } = await check(workplace(), ...args);
      expect(stderr).toContain(`no experiment matches ${args[0]}`);
      expect(exitCode).toBe(2);
    }
    const empty = await check(emptyFolder());
    expect(empty.stderr).toContain("no experiment matches experiments/*");
    expect(empty.exitCode).toBe(2);
  });
});

describe("a build that trains otherwise", () => {
  const reports = async (change: Parameters<typeof changedBuild>[0], ...args: string[]) => {
    const entry = await changedBuild(change);
    const { exitCode, stdout } = await runBuild(entry, workplace(), ["check", "--quiet", "--json", ...args]);
    const { outcome, reports } = JSON.parse(stdout);
    const { decisions } = reports[0] as { decisions: { quantity: string; outcome: string }[] };
    const answers = Object.fromEntries(decisions.map((decision) => [decision.quantity, decision.outcome]));
    return { exitCode, outcome, answers, report: reports[0] };
  };

  test("by a learning rate 1 % off is caught, and the factor named", async () => {
    const { exitCode, outcome, answers, report } = await reports(RATE);
    expect([exitCode, outcome]).toEqual([3, "inconclusive"]);
    // No cost tells: what gives it away are the steps.
    expect(answers).toMatchObject({ steps: "inconclusive" });
    expect(Object.values(answers)).not.toContain("regression");
    expect(report.cause).toMatchObject({ kind: "code", text: expect.stringContaining("1.01 of the baseline's step") });
    expect(report.location).toMatchObject({ update: 1, layer: "the output layer" });
  });

  test("by a wrong sign in one layer's kernel gradient is caught and located", async () => {
    const { exitCode, outcome, answers, report } = await reports(KERNEL_SIGN);
    expect([exitCode, outcome]).toEqual([3, "inconclusive"]);
    // This net ends at no higher cost with the wrong sign, so a gate on costs alone would let it pass.
    expect(answers).toMatchObject({ "bn.train": "pass", steps: "inconclusive" });
    expect(report.location).toMatchObject({ update: 1, layer: "layer 3", tensor: "layers.2.kernel" });
    expect(report.cause.kind).toBe("code");
    expect(report.cause.text).toContain("layers.2.kernel");
    expect(report.cause.text).toContain("−1");
  });

  test("by a wrong sign behind one normalization is caught and located", async () => {
    const { exitCode, outcome, answers, report } = await reports(NORM_SIGN);
    expect([exitCode, outcome]).toEqual([1, "regression"]);
    expect(answers).toMatchObject({ "bn.train": "regression", steps: "inconclusive" });
    expect(report.location).toMatchObject({ update: 1, arm: "bn", layer: "layer 2", tensor: "layers.1.kernel" });
    expect(report.cause.kind).toBe("code");
  });

  test("by rounding alone is compared statistically and called that", async () => {
    const { report, outcome, answers } = await reports(ROUNDING);
    expect(answers).toMatchObject({ steps: "pass" });
    expect(report.identical).toBe(false);
    expect(report.cause).toMatchObject({ kind: "rounding" });
    expect(outcome).not.toBe("regression");
    expect(
      report.decisions.find(({ quantity }: { quantity: string }) => quantity === "bn.train").difference.values,
    ).toBe(6);
  });
});

describe("costs that differ from the baseline's", () => {
  /** The baseline's costs of the bn arm times `factor`, with other digests, as a run of other code would have left it. */
  const withCosts = (cwd: string, factor: number) => {
    const baseline = JSON.parse(readFileSync(baselineOf(cwd), "utf8"));
    for (const { arms } of baseline.seeds) {
      arms.bn.final.train *= factor;
      arms.bn.final.inference *= factor;
    }
    writeFileSync(baselineOf(cwd), JSON.stringify(baseline));
  };
  const notes = (cwd: string) =>
    edit(join(cwd, "experiments/small/experiment.yaml"), "check:\n", "check:\n  steps: note\n");

  test("beyond the tolerance are a regression, exit 1, with the numbers in every report", async () => {
    const cwd = workplace();
    withCosts(cwd, 0.8);
    const summary = join(cwd, "summary.md");
    const { exitCode, stdout } = await runBuild(
      MAIN,
      cwd,
      ["check", "--quiet", "--junit", "junit.xml", "--markdown", "check.md"],
      { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary },
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^REGRESSION bn\.train: .* mean difference \+.*95\u00a0% interval over 6 seeds, tolerance 5\u00a0%/m,
    );
    expect(stdout).toMatch(/^::error file=experiments\/small\/experiment\.yaml,title=small%3A bn\.train::REGRESSION/m);
    const xml = readFileSync(join(cwd, "junit.xml"), "utf8");
    expect(XMLValidator.validate(xml)).toBe(true);
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(xml);
    const cases = testsuites.testsuite.testcase as { "@_name": string; failure?: object }[];
    expect(cases.map((entry) => entry["@_name"])).toEqual([
      "plain.divergence",
      "bn.divergence",
      "bn.train",
      "bn.inference",
      "steps",
    ]);
    expect(cases.find((entry) => entry["@_name"] === "bn.train")?.failure).toMatchObject({ "@_type": "REGRESSION" });
    expect(Number(testsuites["@_failures"])).toBe(cases.filter(({ failure }) => failure !== undefined).length);
    const markdown = readFileSync(join(cwd, "check.md"), "utf8");
    expect(markdown).toContain("| bn.train | REGRESSION |");
    expect(readFileSync(summary, "utf8")).toBe(markdown);
    const artifact = /<code>([^<]+costs-against-baseline\.svg)<\/code>/.exec(markdown)?.[1] ?? "";
    expect(readFileSync(join(cwd, artifact), "utf8")).toContain("<svg");
  });

  test("on the good side pass", async () => {
    const cwd = workplace();
    withCosts(cwd, 1.3);
    notes(cwd);
    const { exitCode, stdout } = await check(cwd);
    expect(stdout).toMatch(/^bn\.train +PASS/m);
    expect(exitCode).toBe(0);
  });

  test("of one seed decide nothing: exit 3, or 0 where that only warns", async () => {
    const cwd = workplace();
    withCosts(cwd, 0.99);
    edit(join(cwd, "experiments/small/experiment.yaml"), "seeds: 6", "seeds: 1");
    const updated = await runBuild(MAIN, cwd, ["check", "--update"]);
    expect(updated.exitCode).toBe(0);
    withCosts(cwd, 0.99);
    const { exitCode, stdout } = await check(cwd);
    expect(stdout).toContain("One seed has no spread");
    expect(exitCode).toBe(3);
    expect((await check(cwd, "--inconclusive", "warn")).exitCode).toBe(0);
  });

  test("near the tolerance ask for more seeds, and get them up to --max-seeds", async () => {
    const cwd = workplace();
    withCosts(cwd, 1 / 1.05);
    const first = await check(cwd, "--json");
    const [report] = JSON.parse(first.stdout).reports;
    expect(report).toMatchObject({ outcome: "inconclusive", seeds: 6, looks: [6] });
    const more = await check(cwd, "--json", "--max-seeds", "12");
    expect(JSON.parse(more.stdout).reports[0]).toMatchObject({ seeds: 12, looks: [6, 12] });
    const tooMany = await check(cwd, "--max-seeds", "13");
    expect([tooMany.exitCode, tooMany.stderr.includes("the baseline holds 12 seeds")]).toEqual([2, true]);
  });

  test("a new divergence is a regression, one that vanished or moved is for a person to see", async () => {
    const [fresh, gone] = [workplace(), workplace()];
    const change = (cwd: string, value: object) => {
      const baseline = JSON.parse(readFileSync(baselineOf(cwd), "utf8"));
      baseline.seeds[2].arms.plain = value;
      writeFileSync(baselineOf(cwd), JSON.stringify(baseline));
    };
    change(fresh, { status: "trained", final: { train: 700, inference: 700 } });
    const first = await check(fresh);
    expect(first.stdout).toMatch(/Seed 3: plain newly diverges, at update \d+/);
    expect(first.exitCode).toBe(1);
    change(gone, { status: "diverged", divergence: { update: 33, layer: 0, tensor: "kernel", pass: "backward" } });
    const second = await check(gone);
    expect(second.stdout).toMatch(/seed 3: plain diverges at update \d+, where the baseline diverged at update 33/i);
    expect(second.exitCode).toBe(3);
  });
});

test("another engine is environment, not another configuration: compared statistically", async () => {
  const { exitCode, stdout, stderr } = await check(workplace(), "--engine", "tfjs", "--backend", "cpu", "--json");
  expect(stderr).not.toContain("another configuration");
  const [report] = JSON.parse(stdout).reports;
  expect(report).toMatchObject({ identical: false, cause: { kind: "engine" } });
  expect(report.outcome).not.toBe("regression");
  expect([0, 3]).toContain(exitCode);
  expect(
    report.decisions.find(({ quantity }: { quantity: string }) => quantity === "bn.train").difference.rounding,
  ).toBeGreaterThan(0);
});

test.each(["SIGINT", "SIGKILL"] as const)("a check stopped by %s leaves nothing half written", async (signal) => {
  const cwd = workplace();
  edit(join(cwd, "experiments/small/experiment.yaml"), "epochs: 40", "epochs: 40000");
  const before = readFileSync(baselineOf(cwd));
  const running = execa(process.execPath, [MAIN, "check", "--update"], { cwd, reject: false, env: { CI: "" } });
  // It says nothing while it trains, for half a minute; by then it listens to signals.
  setTimeout(() => running.kill(signal), 5000);
  const ended = await running;
  expect(signal === "SIGKILL" ? ended.signal : shellCode(ended)).toBe(signal === "SIGKILL" ? "SIGKILL" : 130);
  expect(readFileSync(baselineOf(cwd)).equals(before)).toBe(true);
  expect(existsSync(join(cwd, "junit.xml"))).toBe(false);
});
