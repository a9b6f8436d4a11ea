import { armStyles } from "../charts/theme.js";
import type { ArmResult, Result } from "../experiment/result.js";

/** How a chart is read, and what it shows in this run: two sentences for someone who sees such a chart for the first time. */
export type Reading = readonly [how: string, here: string];

/** With more arms a sentence about each would be no sentence. */
export const MOST_TOLD = 4;

export interface LabelledArm {
  readonly name: string;
  readonly label: string;
  readonly arm: ArmResult;
}

/** The arms with the names that the charts give them. */
export function labelledArms(result: Result): LabelledArm[] {
  return armStyles(Object.keys(result.arms)).flatMap(({ name, label }) => {
    const arm = result.arms[name];
    return arm === undefined ? [] : [{ name, label, arm }];
  });
}
