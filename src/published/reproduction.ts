import { availableParallelism } from "node:os";
import type { BackendName, EngineName } from "../engines/names.js";
import { ExpectedError } from "../errors.js";
import { openPool } from "../experiment/pool.js";
import { t } from "../text/language.js";
import { agrees, type Claim, type ClaimNumber } from "./claim.js";
import type { SeedAnswer, SeedJob } from "./seed-worker.js";
import type { Measured } from "./statistic.js";
import { statistics } from "./statistics.js";

/** A number beside the published one. */
export interface ReproducedNumber {
  readonly number: ClaimNumber;
  readonly measured: Measured;
  readonly holds: boolean;
}

/** A claim measured. It holds when all of its numbers do. */
export interface Reproduction {
  readonly claim: Claim;
  readonly numbers: readonly ReproducedNumber[];
  readonly holds: boolean;
  /** Of computing, summed over the workers. */
  readonly seconds: number;
}

export interface ReproduceOptions {
  readonly engine: EngineName;
  readonly backend?: BackendName;
  /** How many seeds are measured at once; default: one a core. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** For what should be said meanwhile: that a worker does not answer. */
  readonly notice?: (line: string) => void;
  /** Told each claim when it is measured. */
  readonly done?: (reproduction: Reproduction) => void;
}

/** Seeds of small networks go to the workers in that many parts, so that none waits long for another. */
const PARTS = 16;

/** Measures the claims over a pool of workers. The numbers do not hang on how many there are. */
export async function reproduceClaims(
  claims: readonly Claim[],
  { engine, backend, workers, signal, done, notice = () => {} }: ReproduceOptions,
): Promise<Reproduction[]> {
  const count = workers ?? availableParallelism();
  const pool = openPool({
    module: new URL("./seed-worker.js", import.meta.url),
    processes: engine === "tfjs",
    workers: count,
    notice,
  });
  const run = async (claim: Claim, job: SeedJob) => {
    const title = t`claim ${claim.name}, seeds ${job.seeds.at(0)} to ${job.seeds.at(-1)}`;
    return answered(await pool.run<SeedAnswer>(job, { title, signal }));
  };
  try {
    return await Promise.all(
      claims.map(async (claim) => {
        const reproduction = await measureClaim(
          claim,
          { engine, ...(backend === undefined ? {} : { backend }) },
          (job) => run(claim, job),
        );
        done?.(reproduction);
        return reproduction;
      }),
    );
  } finally {
    await pool.close();
  }
}

type Answer = Exclude<SeedAnswer, { failed: readonly string[] }>;

function answered(answer: SeedAnswer): Answer {
  if ("failed" in answer) throw new ExpectedError(answer.exitCode, answer.failed);
  return answer;
}

async function measureClaim(
  claim: Claim,
  engine: Pick<SeedJob, "engine" | "backend">,
  run: (job: SeedJob) => Promise<Answer>,
): Promise<Reproduction> {
  const groups = byConfiguration(claim.numbers).map(async (numbers) => {
    const [first] = numbers as [ClaimNumber];
    const measured = numbers.map(({ statistic, parameters }) => ({ statistic, parameters }));
    const parts = inParts(claim.seeds, PARTS).map((seeds) =>
      run({ ...engine, settings: first.settings, seeds, measured }),
    );
    const answers = await Promise.all(parts);
    return {
      seconds: answers.reduce((sum, { seconds }) => sum + seconds, 0),
      numbers: numbers.map((number, i) =>
        reproduced(
          number,
          answers.flatMap(({ values }) => values[i] as unknown[]),
        ),
      ),
    };
  });
  const measured = await Promise.all(groups);
  const found = new Map(measured.flatMap(({ numbers }) => numbers).map((each) => [each.number, each]));
  const numbers = claim.numbers.map((number) => found.get(number) as ReproducedNumber);
  return {
    claim,
    numbers,
    holds: numbers.every(({ holds }) => holds),
    seconds: measured.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function reproduced(number: ClaimNumber, values: readonly unknown[]): ReproducedNumber {
  const measured = statistics[number.statistic].summarize(values, number.parameters);
  return { number, measured, holds: agrees(number.published, number.tolerance, measured.value) };
}

/** Numbers of the same configuration are measured on the same networks. */
function byConfiguration(numbers: readonly ClaimNumber[]): ClaimNumber[][] {
  const groups = new Map<string, ClaimNumber[]>();
  for (const number of numbers) {
    const key = JSON.stringify(number.settings);
    groups.set(key, [...(groups.get(key) ?? []), number]);
  }
  return [...groups.values()];
}

/** At most `parts` lists of about equal length, in order. */
function inParts(seeds: readonly number[], parts: number): number[][] {
  const size = Math.ceil(seeds.length / parts);
  return Array.from({ length: Math.ceil(seeds.length / size) }, (_, i) => seeds.slice(i * size, (i + 1) * size));
}
