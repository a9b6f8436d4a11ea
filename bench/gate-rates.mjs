// `npm run gate:rates`: how often `bn-compare check` errs. Records final costs of many seeds, each repeated with every
// initial kernel entry moved by one unit in the last place (what another order of sums or a harmless rewrite may do), then
// lets the gate itself decide thousands of times between two draws from them. Where nothing but rounding changed,
// REGRESSION is a false alarm; where every gated cost grew by twice the tolerance, anything else misses it.
import { parseArgs } from "node:util";
import { recordPool, simulate } from "./gate-simulation.mjs";
import { heading, note, table } from "./report.mjs";

const EXPERIMENTS = ["tutorial-tanh", "tutorial-relu"];
const FULL = { seeds: 40, repeats: 12, decisions: 5000 };
const QUICK = { seeds: 20, repeats: 4, decisions: 2000 };
/** True increase of the gated costs, in tolerances. */
const INCREASES = [0, 2];

const USAGE = `npm run gate:rates -- [--quick] [--json]

--quick  fewer recorded runs and decisions
--json   the rates as JSON on stdout, and nothing else`;

function readArguments() {
  return parseArgs({
    options: { quick: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } },
  }).values;
}

async function measure({ seeds, repeats, decisions }) {
  const rates = [];
  for (const experiment of EXPERIMENTS) {
    process.stderr.write(`${experiment}: training ${seeds} seeds ${repeats} times …\n`);
    const pool = await recordPool(experiment, { seeds, repeats });
    process.stderr.write(`${experiment}: deciding …\n`);
    for (const increase of INCREASES) {
      for (const most of [undefined, seeds]) {
        rates.push({ experiment, increase, ...(await simulate(pool, { decisions, most, increase })) });
      }
    }
  }
  return rates;
}

const percent = (share) => `${Number((100 * share).toPrecision(3))} %`;
const withInterval = ({ share, low, high }) => `${percent(share)} (${percent(low)} to ${percent(high)})`;

async function main({ quick, json }) {
  const size = quick ? QUICK : FULL;
  const started = performance.now();
  const rates = await measure(size);
  const seconds = Math.round((performance.now() - started) / 1000);
  if (json) {
    console.log(JSON.stringify({ ...size, rates }, undefined, 2));
    return;
  }
  heading(`${size.decisions} simulated checks a row, from ${size.seeds} seeds trained ${size.repeats} times each`);
  table(
    ["", "true increase", "seeds looked at", "on average", "REGRESSION", "INCONCLUSIVE", "PASS"],
    rates.map(({ experiment, increase, looks, seedsUsed, regression, inconclusive, pass }) => [
      experiment,
      increase === 0 ? "none" : `${increase} tolerances`,
      looks.join(", "),
      Number(seedsUsed.toPrecision(3)),
      withInterval(regression),
      withInterval(inconclusive),
      withInterval(pass),
    ]),
  );
  note(`in brackets Wilson's 95 % intervals; ${seconds} s`);
}

let options;
try {
  options = readArguments();
} catch (error) {
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
if (options?.help) console.log(USAGE);
else if (options !== undefined) await main(options);
