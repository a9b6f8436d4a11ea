// `npm run bench`: what the engines and the command take, on this machine, in one run. Read the ratios: the machine's
// speed drifts, and other programs share it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { formatJson } from "../build/files/json.js";
import { VERSION } from "../build/version.js";
import { command } from "./command.mjs";
import { definitions } from "./definitions.mjs";
import { engines } from "./engines.mjs";
import { images } from "./images.mjs";
import { kernel } from "./kernel.mjs";
import { describeMachine, isBusy, load } from "./machine.mjs";
import { seeds } from "./seeds.mjs";
import { sizes } from "./sizes.mjs";
import { sweep } from "./sweep.mjs";
import { checkTargets } from "./targets.mjs";
import { training } from "./training.mjs";

const SECTIONS = { kernel, definitions, engines, images, sizes, training, seeds, sweep, command };
const LATEST = fileURLToPath(new URL("results/latest.json", import.meta.url));

const USAGE = `npm run bench -- [SECTION …] [--quick] [--out FILE]

sections (default: all): ${Object.keys(SECTIONS).join(", ")}
--quick     shorter, for a look; its numbers are rougher
--profile   also write CPU profiles of a run (section command)
--out FILE  where the figures go as JSON (default: ${relative(process.cwd(), LATEST)})`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown.length > 0) throw new Error(`no such section: ${unknown.join(", ")}`);
  const chosen = positionals.length === 0 ? Object.keys(SECTIONS) : positionals;
  return {
    ...values,
    out: values.out ?? LATEST,
    chosen: Object.keys(SECTIONS).filter((name) => chosen.includes(name)),
  };
}

async function bench({ quick, profile, out, chosen }) {
  const machine = describeMachine();
  const before = load();
  const busy = isBusy(before, machine);
  const { cpu, cores, memoryGB, platform, node, v8 } = machine;
  console.log(`bn-compare ${VERSION} on ${cpu}, ${cores} cores, ${memoryGB} GB, ${platform}, Node ${node}, V8 ${v8}`);
  console.log(`load before: ${before}${busy ? "; this machine is busy, so every number here is rougher" : ""}`);
  const started = performance.now();
  /** The time a measurement may take, s. */
  const seconds = (full, short) => (quick ? short : full);
  const found = {};
  for (const name of chosen) {
    process.stderr.write(`measuring ${name} …\n`);
    found[name] = await SECTIONS[name]({ quick, seconds, profile });
    // After every section, so that an interrupted run leaves what it found.
    write(out, { version: VERSION, machine, load: { before, busy }, quick, ...found });
  }
  const targets = checkTargets(found);
  const took = Math.round((performance.now() - started) / 1000);
  write(out, { version: VERSION, machine, load: { before, busy, after: load() }, quick, took, ...found, targets });
  console.log(`\n${took} s, load after: ${load()}; the figures are in ${relative(process.cwd(), out)}`);
}

function write(out, figures) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, formatJson(figures));
}

let options;
try {
  options = readArguments();
} catch (error) {
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
if (options?.help) console.log(USAGE);
else if (options !== undefined) await bench(options);
