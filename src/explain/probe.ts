import type { ArmRunner } from "../experiment/arm.js";
import type { Experiment } from "../experiment/prepare.js";
import { basicJob } from "../experiment/run.js";
import type { ProbedRate } from "../record/explanation.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import type { Probe } from "./explain.js";

/** Half-decades and decades around the run's rate. */
const FACTORS = [1 / 10, 1 / Math.sqrt(10), Math.sqrt(10), 10];
/** Rates are decimal numbers of three digits. */
const DIGITS = 3;

/** How far a probe is. */
export type ProbeProgress = (arm: string, rate: ProbedRate) => void;

/**
 * Trains the first seed of these arms at the rates around their own, with their costs alone recorded. Throws what a worker
 * throws.
 */
export async function probeRates(
  {
    result,
    experiment,
    arms,
  }: { readonly result: Result; readonly experiment: Experiment; readonly arms: readonly string[] },
  runner: ArmRunner,
  progress: ProbeProgress,
  signal: AbortSignal,
): Promise<Probe> {
  const drawn = experiment.draw(experiment.seeds[0] as number);
  const entries = arms.map(async (name): Promise<[string, ProbedRate[]]> => {
    const plan = ownEntry(experiment.arms, name);
    const recorded = ownEntry(result.arms, name);
    if (plan === undefined || recorded === undefined) throw new Error(`the run has no arm ${name}`);
    const { learningRate } = plan.spec;
    const own = { learningRate, ...(recorded.status === "diverged" ? {} : { inference: recorded.final.inference }) };
    const others = FACTORS.map(async (factor): Promise<ProbedRate> => {
      const rate = Number((learningRate * factor).toPrecision(DIGITS));
      const job = basicJob(experiment, drawn, name, { ...plan, spec: { ...plan.spec, learningRate: rate } });
      const title = t`arm ${name} at the learning rate ${rate}`;
      const { costs } = await runner.run({ ...job, title }, () => {}, signal);
      const probed = {
        learningRate: rate,
        ...(costs.status === "diverged" ? {} : { inference: costs.final.inference }),
      };
      progress(name, probed);
      return probed;
    });
    return [name, [own, ...(await Promise.all(others))]];
  });
  return Object.fromEntries(await Promise.all(entries));
}
