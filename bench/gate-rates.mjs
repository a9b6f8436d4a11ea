// `npm run gate:rates`: how often `bn-compare check` errs. Records final costs of many seeds, each repeated with every
// initial kernel entry moved by one unit in the last place (what another order of sums or a harmless rewrite may do), then
// lets the gate itself decide thousands of times between two draws from them. Where nothing but rounding changed,
// REGRESSION is a false alarm; where every gated cost grew by twice the tolerance, anything else misses it.
import { parseArgs } from "node:util";
import { recordPool, simulate } from "./gate-simulation.mjs";
import { heading, note, table } from "./report.mjs";

const EXPERIMENTS = ["tutorial-tanh", "tutorial-relu"];
const FULL = { seeds: 40, repeats: 12, decisions: 5000 };
const QUICK = { seeds: 40, repeats: 3, decisions: 2000 };
const BOTH = ["train", "inference"];
/**
 * What truly changed. An increase of one quantity alone has to be found by its own gate: where both rise, the one with
 * less noise finds it for the other. At one tolerance the rule may err by design, in half of 5 % a gate.
 */
const TRUTHS = [
  { increase: 0, raised: BOTH },
  { increase: 1, raised: BOTH },
  { increase: 2, raised: BOTH },
  { increase: 2, raised: ["train"] },
  { increase: 2, raised: ["inference"] },
];
/** What else an experiment could ask for, to find an increase of the noisier quantity. */
const ALTERNATIVES = [
  { seeds: 10, tolerance: "5%" },
  { seeds: 20, tolerance: "5%" },
  { seeds: 30, tolerance: "5%" },
  { seeds: 40, tolerance: "5%" },
  { seeds: 10, tolerance: "8%" },
  { seeds: 10, tolerance: "10%" },
];

const USAGE = `npm run gate:rates -- [--quick] [--json] [--from N]

--quick  fewer recorded runs and decisions
--from   the first of the recorded seeds (default: 1)
--json   the rates as JSON on stdout, and nothing else`;

function readArguments() {
  const boolean = { type: "boolean" };
  const options = { quick: boolean, json: boolean, help: boolean, from: { type: "string", default: "1" } };
  const { values } = parseArgs({ options });
  const from = Number(values.from);
  if (!Number.isInteger(from) || from < 0) throw new Error(`--from: "${values.from}" is not a seed`);
  return { ...values, from };
}

async function measure({ seeds, repeats, decisions, from }) {
  const rates = [];
  for (const experiment of EXPERIMENTS) {
    process.stderr.write(`${experiment}: training seeds ${from} to ${from + seeds - 1} ${repeats} times …\n`);
    const pool = await recordPool(experiment, { seeds, repeats, from });
    process.stderr.write(`${experiment}: deciding …\n`);
    for (const truth of TRUTHS) {
      for (const most of [undefined, seeds]) {
        rates.push({ experiment, table: "rates", ...(await simulate(pool, { decisions, most, ...truth })) });
      }
    }
    for (const alternative of ALTERNATIVES.filter((each) => each.seeds <= seeds)) {
      const truth = { increase: 2, raised: ["inference"] };
      rates.push({
        experiment,
        table: "alternatives",
        ...(await simulate(pool, { decisions, ...alternative, ...truth })),
      });
    }
  }
  return rates;
}

const percent = (share) => `${Number((100 * share).toPrecision(3))} %`;
const withInterval = ({ share, low, high }) => `${percent(share)} (${percent(low)} to ${percent(high)})`;

function show(rates) {
  table(
    ["", "true increase", "tolerances", "seeds", "on average", "REGRESSION", "INCONCLUSIVE", "PASS"],
    rates.map(({ experiment, increase, raised, tolerances, looks, seedsUsed, whole }) => [
      experiment,
      increase === 0 ? "none" : `${raised.join(" + ")} by ${increase} × tolerance`,
      tolerances.join(", "),
      looks.join(", "),
      Number(seedsUsed.toPrecision(3)),
      withInterval(whole.regression),
      withInterval(whole.inconclusive),
      withInterval(whole.pass),
    ]),
  );
}

async function main({ quick, json, from }) {
  const size = { ...(quick ? QUICK : FULL), from };
  const started = performance.now();
  const rates = await measure(size);
  const seconds = Math.round((performance.now() - started) / 1000);
  if (json) {
    console.log(JSON.stringify({ ...size, rates }, undefined, 2));
    return;
  }
  heading(
    `${size.decisions} simulated checks a row, from seeds ${from} to ${from + size.seeds - 1} trained ${size.repeats} times each`,
  );
  show(rates.filter((rate) => rate.table === "rates"));
  heading("an increase of the cost with moving averages alone, by other numbers of seeds and tolerances");
  show(rates.filter((rate) => rate.table === "alternatives"));
  note(
    `in brackets Wilson's 95 % intervals, of the simulation: another choice of recorded seeds would move the rates, too; ${seconds} s`,
  );
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
