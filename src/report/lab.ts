import { once } from "../charts/once.js";
import { digitsFile } from "../data/digits-file.js";
import { digestEvery } from "../experiment/digests.js";
import { DIGITS, type PageJob } from "../lab/job.js";
import { type LabRefusal, labJobOf } from "../lab/job-of.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
import type { PageLab } from "./payload.js";

/** Why a page cannot train its run again, behind "This page cannot repeat the training: ". */
const REFUSALS: Readonly<Record<LabRefusal, string>> = {
  "given data": t`the points came from a file, which is in the run's folder`,
  "given weights": t`the weights came from a file, which is in the run's folder`,
  "another engine": t`only the fused engine gives the same bytes in a browser`,
  "no digests": t`its record has no digests to compare with`,
  "unlike settings": t`its configuration is from another version`,
};

/** For what is said of it and what the script is given. */
const jobIn = once(labJobOf);

/** Where the page's script offers to train the run again, or why it does not. */
export function labMarkup(result: Result): Markup {
  const job = jobIn(result);
  if (typeof job === "string") return html`<p>This page cannot repeat the training: ${REFUSALS[job]}.</p>`;
  const digits = isOfDigits(job) ? t` The digits are part of it as well (Alpaydin & Kaynak 1998, CC BY 4.0).` : "";
  return html`<div id="lab"><p>The engine is part of this page: with JavaScript it trains the same nets here and compares every state with the recorded one.${digits}</p></div>`;
}

/** What a page trains on that is not made from a seed: a file, in base64. */
export interface LabData {
  readonly digits?: string;
}

export function labDataOf(result: Result): LabData {
  const job = jobIn(result);
  return typeof job !== "string" && isOfDigits(job) ? { digits: digitsFile().toString("base64") } : {};
}

const isOfDigits = ({ source }: PageJob) => source.kind === DIGITS.kind;

/** What the page's script trains. */
export function labOf(result: Result): PageLab | undefined {
  const job = jobIn(result);
  if (typeof job === "string") return undefined;
  const { updates } = job.schedule;
  const recorded = Object.entries(result.arms).map(([name, { stateDigests = "" }]) => [name, stateDigests] as const);
  return { updates, every: digestEvery(updates), recorded: Object.fromEntries(recorded), job };
}
