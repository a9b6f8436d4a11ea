// The fused engine against every other at the tutorial's size, where all of them are asked the same thing: update the
// arm, and notice a divergence at the update where it happens.
import { ARMS, armName, flopOf } from "./arms.mjs";
import { openPeak } from "./peak.mjs";
import { ENGINES, openPeers } from "./peers.mjs";
import { digits, heading, note, percent, ratios, table } from "./report.mjs";
import { measureRounds, ratio, summary } from "./rounds.mjs";

export async function engines({ seconds }) {
  const { loaded, missing } = await openPeers(ENGINES);
  const contestants = [];
  for (const peer of loaded) {
    for (const options of ARMS) contestants.push({ peer, options, measure: await peer.openArm(options) });
  }
  const [limits, ...samples] = await measureRounds([openPeak(), ...contestants.map(({ measure }) => measure)], {
    seconds: seconds(55, 5),
    least: 2,
  });
  const limit = Math.max(...limits);
  for (const peer of loaded) peer.close();

  const at = (peer, options) => samples[contestants.findIndex((one) => one.peer === peer && one.options === options)];
  const [fused] = loaded;
  const rows = loaded.map((peer) => ({
    name: peer.name,
    backend: peer.info.backend,
    libraries: peer.info.libraries,
    arms: ARMS.map((options) => {
      const ms = summary(at(peer, options));
      const gflops = flopOf(options) / ms.best / 1e6;
      return { ...options, ms, gflops, share: gflops / limit, ratio: ratio(at(peer, options), at(fused, options)) };
    }),
    // What the tutorial does at every update: train both arms.
    both: ["relu", "tanh"].map((activation) => {
      const [plain, bn] = ARMS.filter((arm) => arm.activation === activation);
      const sum = (one) => at(one, plain).map((ms, round) => ms + at(one, bn)[round]);
      return { activation, ms: summary(sum(peer)), ratio: ratio(sum(peer), sum(fused)) };
    }),
  }));
  print(rows, missing, limit);
  return { limit, engines: rows, missing: missing.map(({ name, failed }) => ({ name, reason: failed })) };
}

function print(rows, missing, limit) {
  const arms = ARMS.map(armName);
  const both = ["both relu", "both tanh"];
  const cells = (value) => (row) => [row.name, ...[...row.arms, ...row.both].map(value)];
  heading("engines: the tutorial, ms per update (best)");
  table(["", ...arms, ...both], rows.map(cells(({ ms }) => digits(ms.best))));
  heading("engines: ms per update (median)");
  table(["", ...arms, ...both], rows.map(cells(({ ms }) => digits(ms.median))));
  heading("engines: updates per second (best)");
  table(["", ...arms, ...both], rows.map(cells(({ ms }) => digits(1000 / ms.best))));
  heading(`engines: GFLOP/s, and share of the limit of ${digits(limit)}`);
  table(
    ["", ...arms],
    rows.map((row) => [row.name, ...row.arms.map(({ gflops, share }) => `${digits(gflops)}, ${percent(share)}`)]),
  );
  heading("engines: times the fused engine's time (bests; in brackets the median of the rounds)");
  table(["", ...arms, ...both], rows.map(cells((cell) => ratios(cell.ratio))));
  for (const { name, failed } of missing) note(`${name} is not measured: ${failed}`);
  note("one thread each, but for tfjs tensorflow, which uses every core it finds");
  note("tfjs is driven as the command drives it: after each update its cost and a check for NaN are read back");
}
