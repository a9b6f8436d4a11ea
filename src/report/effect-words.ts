import { numberText } from "../charts/wording.js";

/** "7.08 times lower", of a logarithm of control over arm. */
export function timesText(logRatio: number): string {
  return `${numberText(Math.exp(Math.abs(logRatio)))} times ${logRatio < 0 ? "higher" : "lower"}`;
}

/** "6.44 to 7.56": an interval of such logarithms that holds one direction alone, from the end nearer to no effect. */
export function factorsText(low: number, high: number): string {
  const [near, far] = [low, high].map((log) => Math.exp(Math.abs(log))).sort((a, b) => a - b);
  return `${numberText(near ?? 1)} to ${numberText(far ?? 1)}`;
}
