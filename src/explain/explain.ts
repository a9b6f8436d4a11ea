import { type ArmPlan, armPlans } from "../experiment/arm-plans.js";
import { recordedConfiguration } from "../experiment/recorded-config.js";
import { inputShape, networkOfNamed } from "../model/layers/index.js";
import { Problems } from "../problems.js";
import type { ArmResult } from "../record/arms.js";
import type { Explanation, ProbedRate } from "../record/explanation.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { statistic } from "../record/statistic.js";
import { CAUSES } from "./causes.js";
import type { Cause, ExplainedArm, Measured, Pair } from "./pair.js";

/** A cause with what its rule found. */
export interface Finding {
  readonly cause: Cause;
  readonly measured: Measured;
}

/** The costs at other rates, by arm; the run's own rate comes first. */
export type Probe = Readonly<Record<string, readonly ProbedRate[]>>;

/** The arms of a recorded run that normalize, each with its control. */
export function pairsOf(result: Result, folder: string, probe?: Probe): Pair[] {
  const plans = recordedPlans(result, folder);
  return Object.entries(plans).flatMap(([name, { spec, against }]) => {
    const control = against === undefined ? undefined : explained(against);
    if (control === undefined || spec.normalization === undefined) return [];
    const arm = explained(name);
    return arm === undefined ? [] : [{ result, control, ...arm }];
  });

  function explained(name: string): ExplainedArm | undefined {
    const [plan, arm, rates] = [ownEntry(plans, name), ownEntry(result.arms, name), probe && ownEntry(probe, name)];
    return plan && arm && { name, spec: plan.spec, arm, ...(rates && { rates }) };
  }
}

/** The plans of the arms by the configuration alone, without the points. */
function recordedPlans(result: Result, folder: string): Record<string, ArmPlan> {
  const { settings } = recordedConfiguration(result, folder, new Problems());
  const { sizes, image, layers, weights } = result.config;
  const input = inputShape(sizes[0] ?? 0, image && { ...image, channels: sizes[0] ?? 0 });
  const network = layers === undefined ? { sizes } : networkOfNamed(layers, input);
  return armPlans(settings, network, weights !== undefined);
}

/** Every cause in a pair. */
export function findingsOf(pair: Pair): Finding[] {
  return CAUSES.map((cause) => ({ cause, measured: cause.measure(pair) }));
}

/** Those that hold, in the order of the list, the most likely one first. */
export function holding(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ measured }) => "value" in measured && measured.holds);
}

/** What `--json` prints. */
export function explanationOf(pairs: readonly Pair[], { config }: Result, probe?: Probe): Explanation {
  return {
    explanationVersion: 1,
    seed: config.seed,
    pairs: pairs.map((pair) => {
      const findings = findingsOf(pair);
      const first = holding(findings);
      const sorted = [...first, ...findings.filter((finding) => !first.includes(finding))];
      return {
        arm: pair.name,
        against: pair.control.name,
        final: { ...finalOf("arm", pair.arm), ...finalOf("against", pair.control.arm) },
        causes: sorted.map(({ cause: { code }, measured }) => {
          if ("unmeasured" in measured) return { code, status: "not measured", reason: measured.unmeasured };
          if ("absent" in measured) return { code, status: "does not hold" };
          const { holds, value, limit } = measured;
          return { code, status: holds ? "holds" : "does not hold", value: statistic(value), limit };
        }),
      };
    }),
    ...(probe === undefined
      ? {}
      : { probe: Object.fromEntries(Object.entries(probe).map(([arm, r]) => [arm, [...r]])) }),
  };
}

function finalOf(key: "arm" | "against", arm: ArmResult) {
  return arm.status === "diverged" ? {} : { [key]: arm.final.inference };
}
