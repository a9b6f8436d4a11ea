// The whole command from the start of its process to the end, when the last picture is on disk, beside what Node itself
// takes and `--help`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { digits, heading, note, ratios, table } from "./report.mjs";
import { measureRounds, median, ratio, summary } from "./rounds.mjs";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const USE = fileURLToPath(new URL("process-use.cjs", import.meta.url));
const PROFILES = fileURLToPath(new URL("results/profile", import.meta.url));

const CASES = [
  { name: "node, an empty program", args: ["-e", "0"] },
  { name: "bn-compare --help", args: [MAIN, "--help"] },
  { name: "bn-compare run --activation relu", args: [MAIN, "run", "--activation", "relu", "--quiet"], runs: true },
  { name: "bn-compare run --activation tanh", args: [MAIN, "run", "--activation", "tanh", "--quiet"], runs: true },
];

/** One process: wall and CPU time in ms, peak memory in MB, and the phases that a run notes itself. */
async function runCommand({ name, args, runs }, folder) {
  const out = join(folder, "run");
  const useFile = join(folder, "use");
  // Reading more certificates is no part of Node, and takes longer than Node itself.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const start = performance.now();
  const child = spawn(process.execPath, ["--require", USE, ...args, ...(runs ? ["--out", out] : [])], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...env, BENCH_USE_FILE: useFile },
  });
  const [code] = await once(child, "exit");
  const wall = performance.now() - start;
  if (code !== 0) throw new Error(`${name} ended with code ${code}`);
  const phases = runs ? JSON.parse(readFileSync(join(out, "timing.json"), "utf8")).milliseconds : {};
  return { wall, ...JSON.parse(readFileSync(useFile, "utf8")), phases };
}

/** Medians of a run's phases; what no phase claims is Node's own start and the rest. */
function phasesOf(rounds, nodeRounds) {
  const phaseNames = Object.keys(rounds[0].phases);
  const own = phaseNames.map((phase) => [phase, median(rounds.map(({ phases }) => phases[phase]))]);
  const claimed = ({ phases }) => phaseNames.reduce((sum, phase) => sum + phases[phase], 0);
  const rest = median(rounds.map((round, i) => round.wall - nodeRounds[i].wall - claimed(round)));
  return { "node itself": median(nodeRounds.map(({ wall }) => wall)), ...Object.fromEntries(own), rest };
}

export async function command({ seconds, profile }) {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-bench-"));
  try {
    const contestants = CASES.map((one) => () => runCommand(one, folder));
    const samples = await measureRounds(contestants, { seconds: seconds(30, 5), least: 2 });
    const rows = CASES.map(({ name, runs }, i) => ({
      name,
      ms: summary(samples[i].map(({ wall }) => wall)),
      cpu: summary(samples[i].map(({ cpu }) => cpu)),
      times: { wall: ratioOf("wall", samples[i], samples[0]), cpu: ratioOf("cpu", samples[i], samples[0]) },
      peakMB: Math.max(...samples[i].map(({ memory }) => memory)),
      ...(runs ? { phases: phasesOf(samples[i], samples[0]) } : {}),
    }));
    print(rows);
    if (profile) await writeProfiles(folder);
    return { rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ratioOf(key, rounds, nodeRounds) {
  return ratio(
    rounds.map((round) => round[key]),
    nodeRounds.map((round) => round[key]),
  );
}

/** A CPU profile of each thread of a run, for the developer tools of a browser. */
async function writeProfiles(folder) {
  rmSync(PROFILES, { recursive: true, force: true });
  const run = [MAIN, "run", "--activation", "relu", "--quiet", "--out", join(folder, "profiled")];
  const child = spawn(process.execPath, ["--cpu-prof", `--cpu-prof-dir=${PROFILES}`, ...run], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "exit");
  note(`CPU profiles of a run, a thread each, are in ${relative(process.cwd(), PROFILES)}`);
}

function print(rows) {
  heading("command: from process start to its end");
  table(
    ["", "ms", "median", "empty Nodes", "CPU ms", "empty Nodes", "peak MB"],
    rows.map(({ name, ms, cpu, times, peakMB }) => [
      name,
      digits(ms.best),
      digits(ms.median),
      ratios(times.wall),
      digits(cpu.best),
      ratios(times.cpu),
      String(Math.round(peakMB)),
    ]),
  );
  const runs = rows.filter(({ phases }) => phases !== undefined);
  heading("command: where the time goes, ms (medians)");
  table(
    ["", ...Object.keys(runs[0].phases)],
    runs.map(({ name, phases }) => [name, ...Object.values(phases).map(digits)]),
  );
  note("load: modules, data and weights, workers with their engine; Vega's import goes on while the arms train");
  note("rest: modules before the command begins, writing the folder, ending the process");
}
