// How the time grows with the number of samples and the width: the fused engine alone, then beside the peers that are
// fast enough to be met at large sizes.
import { armName, flopOf } from "./arms.mjs";
import { measureFused, printFused, withoutTimes } from "./kernel.mjs";
import { ENGINES, openPeers } from "./peers.mjs";
import { digits, heading, note, percent, ratios, table } from "./report.mjs";
import { measureRounds, ratio, summary } from "./rounds.mjs";

/** 513 is one more than the kernel's chunk: the worst rest. */
const SAMPLES = [10, 50, 100, 500, 513, 2500, 10_000, 50_000];
const WIDTHS = [30, 64, 128, 256];
const QUICK = [10, 30, 256, 500, 50_000];

const sizeName = ({ samples = 500, width = 30 }) => `N = ${samples}, 7 × ${width}`;

/** The tutorial's arm is in every list, so that each list has its own baseline from the same rounds. */
async function fusedSizes(sizes, seconds, title) {
  const found = [];
  for (const bn of [false, true]) {
    const cases = sizes.map((size) => ({ bn, activation: "relu", ...size }));
    const measured = await measureFused(cases, seconds);
    printFused(`fused, ${title}, ${bn ? "bn" : "plain"} relu`, sizeName, measured);
    const baseline = measured.rows.find(({ samples = 500, width = 30 }) => samples === 500 && width === 30);
    const largest = measured.rows.at(-1);
    // Operations per second at the largest size over those at the tutorial's.
    const slower = ratio(largest.times, baseline.times);
    const work = flopOf(largest) / flopOf({ ...largest, samples: 500, width: 30 });
    const throughput = { best: work / slower.best, median: work / slower.median };
    note(
      `throughput at ${sizeName(largest)} against the tutorial's size: ${percent(throughput.best)} (${percent(throughput.median)})`,
    );
    found.push({ bn, throughput, ...withoutTimes(measured) });
  }
  return found;
}

async function besidePeers({ seconds, quick }) {
  const { loaded, missing } = await openPeers(
    ENGINES.filter(({ name }) => name !== "tfjs cpu" && name !== "reference"),
  );
  const sizes = [
    ...(quick ? [10, 10_000] : [10, 500, 10_000, 50_000]).map((samples) => ({ samples, width: 30 })),
    ...(quick ? [128] : [128, 256]).map((width) => ({ samples: 500, width })),
  ];
  const cases = sizes.flatMap((size) => [false, true].map((bn) => ({ bn, activation: "relu", ...size })));
  const found = [];
  for (const options of cases) {
    // A case at a time: arms of 50 000 samples for three engines should not stand in memory together with the rest.
    const measures = [];
    for (const peer of loaded) measures.push(await peer.openArm(options));
    const samples = await measureRounds(measures, { seconds: seconds(3, 0.3), least: 2 });
    for (const peer of loaded) await peer.disposeArms();
    found.push({
      ...options,
      engines: loaded.map(({ name }, i) => ({
        name,
        ms: summary(samples[i]),
        ratio: ratio(samples[i], samples[0]),
      })),
    });
  }
  for (const peer of loaded) peer.close();

  heading("sizes: ms per update (best), and times the fused engine's time");
  table(
    ["", ...loaded.map(({ name }) => name)],
    found.map((row) => [
      `${armName(row)}, ${sizeName(row)}`,
      ...row.engines.map(({ ms, ratio }, i) => (i === 0 ? digits(ms.best) : `${digits(ms.best)}, ${ratios(ratio)}`)),
    ]),
  );
  for (const { name, failed } of missing) note(`${name} is not measured: ${failed}`);
  note("tfjs cpu and reference are left out here: at 50 000 samples an update takes them seconds");
  return found;
}

export async function sizes(options) {
  const { seconds, quick } = options;
  const wanted = (size) => !quick || QUICK.includes(size);
  return {
    samples: await fusedSizes(
      SAMPLES.filter(wanted).map((samples) => ({ samples })),
      seconds(8, 1),
      "number of samples",
    ),
    width: await fusedSizes(
      WIDTHS.filter(wanted).map((width) => ({ width })),
      seconds(6, 1),
      "width, 500 samples",
    ),
    peers: await besidePeers(options),
  };
}
