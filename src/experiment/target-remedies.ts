import type { ColumnScale } from "../data/standardize.js";
import { standardizationOf, standardizedPoints } from "../data/standardize.js";
import { referenceCostsOf } from "../metrics/reference-costs.js";
import { lossOf } from "../model/losses/index.js";
import type { NetworkSpec } from "../model/network.js";
import { endingAt, fateOf } from "../outcome/ending.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import { statistic } from "../record/statistic.js";
import type { Warning } from "../record/warnings.js";
import type { ArmJob, ArmOutcome } from "./arm.js";
import type { Drawn } from "./prepare.js";

/** Decades below the learning rate at which a smaller one is tried. */
const DECADES = 8;

/** An arm of the first seed that failed, and how it was to be trained. */
export interface TrainedArm {
  readonly name: string;
  readonly record: ArmResult;
  readonly job: () => ArmJob;
}

type TargetWarning = Extract<Warning, { code: "large-targets" }>;

/**
 * The gradient is proportional to the targets, and nothing else in the network grows with them: the tutorial's nets learn
 * 10 times its targets (root mean square 350), learn nothing of 30 times them (1040), and diverge with 100 times them, BN or
 * not. For each arm that failed on targets beyond the limit, in the unit that training sees, what would train it: standardized targets, or the first learning rate of those
 * a tenth, a hundredth, … as large at which it does not diverge. Each is offered because it was tried, with the cost that it
 * ended at. All trials of an arm together take about the time that one training of it would have.
 */
export async function targetRemedies(
  { dataset }: Pick<Drawn, "dataset">,
  spec: Pick<NetworkSpec, "sizes" | "loss">,
  arms: readonly TrainedArm[],
  train: (job: ArmJob) => Promise<ArmOutcome>,
): Promise<TargetWarning[]> {
  const { y } = dataset.training;
  // Outputs are as large as targets where these are amounts; with several, no one scale is theirs.
  if (lossOf(spec).classes || spec.sizes.at(-1) !== 1) return [];
  const value = Math.sqrt(y.reduce((sum, target) => sum + target * target, 0) / y.length);
  const most = limit("large-targets");
  if (!(value > most)) return [];
  const costs = referenceCostsOf(dataset, spec);
  const isLearned = (cost: number) => fateOf(endingAt(statistic(cost), costs)) !== "did-not-learn";
  const costOf = async (job: ArmJob) => {
    const { costs } = await train(job);
    return costs.status === "trained" ? Number(costs.final.inference) : undefined;
  };
  const found = await Promise.all(
    arms.map(async ({ name, record, job }): Promise<TargetWarning[]> => {
      const failed = record.status === "diverged" ? "diverged" : "did-not-learn";
      if (record.status === "trained" && isLearned(Number(record.final.inference))) return [];
      const { full: _, ...plain } = job();
      const standardized = await costOf(withStandardizedTargets(plain));
      // What the averages have not caught up with is another matter, which has a warning of its own.
      if (failed === "did-not-learn" && !(standardized !== undefined && isLearned(standardized))) return [];
      const smaller = failed === "diverged" ? await smallerRate(plain, costOf) : undefined;
      return [
        {
          code: "large-targets",
          arm: name,
          value,
          limit: most,
          failed,
          ...(standardized !== undefined && isLearned(standardized)
            ? { standardized: { inference: standardized } }
            : {}),
          ...(smaller !== undefined && isLearned(smaller.inference) ? { smallerRate: smaller } : {}),
        },
      ];
    }),
  );
  return found.flat();
}

function withStandardizedTargets(job: ArmJob): ArmJob {
  const standardization = standardizationOf(job.training, { inputs: false, targets: true });
  return {
    ...job,
    training: standardizedPoints(job.training, standardization),
    evaluation: standardizedPoints(job.evaluation, standardization),
    targets: standardization?.targets as ColumnScale,
  };
}

/** The first smaller rate at which the arm ends; a still smaller one would only have learned less. */
async function smallerRate(job: ArmJob, costOf: (job: ArmJob) => Promise<number | undefined>) {
  for (let decade = 1; decade <= DECADES; decade++) {
    // The decimal number, not the quotient with its rounding.
    const learningRate = Number((job.spec.learningRate / 10 ** decade).toPrecision(12));
    const inference = await costOf({ ...job, spec: { ...job.spec, learningRate } });
    if (inference !== undefined) return { learningRate, inference };
  }
  return undefined;
}
