// Interleaving and its statistics. The machine's speed drifts by a third within minutes and other programs come and go,
// so contestants are never measured one after the other: each has one measurement a round, and ratios are taken within
// the rounds.

/**
 * Measures every contestant once a round until the time is over; `result[i][r]` is contestant i in round r. Every second
 * round goes backwards, so that no contestant always has the same neighbor.
 */
export async function measureRounds(contestants, { seconds, least = 3 }) {
  const samples = contestants.map(() => []);
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < least || performance.now() < end; round++) {
    const order = [...contestants.keys()];
    if (round % 2 === 1) order.reverse();
    for (const i of order) samples[i].push(await contestants[i]());
  }
  return samples;
}

export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** Times: the best says what the code can do, the median what it did on this machine today. */
export function summary(samples) {
  return { best: Math.min(...samples), median: median(samples), rounds: samples.length };
}

/**
 * How many times `slow` takes what `fast` takes. Of the bests: right where other programs interrupt. The median within
 * the rounds: right where the machine's own speed drifts. On a quiet machine the two agree.
 */
export function ratio(slow, fast) {
  return {
    best: Math.min(...slow) / Math.min(...fast),
    median: median(slow.map((sample, round) => sample / fast[round])),
  };
}
