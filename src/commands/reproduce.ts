import type { BackendName, EngineName } from "../engines/names.js";
import { ENGINES } from "../engines/names.js";
import { EXIT, ExpectedError } from "../errors.js";
import { formatJson } from "../files/json.js";
import type { Io, Terminal } from "../output/terminal.js";
import { type Claim, type ClaimNumber, ORIGINS } from "../published/claim.js";
import { claimNames, loadClaim } from "../published/claim-files.js";
import { type ReproducedNumber, type Reproduction, reproduceClaims } from "../published/reproduction.js";
import type { Json } from "../text/json.js";
import { t } from "../text/language.js";
import { countedText, digitsText, NBSP } from "../text/numbers.js";
import { bold, dim, type Line, type ScreenText, screen, shown } from "../text/screen.js";
import { plainTable } from "../text/screen-table.js";

/** Flags of `reproduce`. */
export interface ReproduceFlags {
  readonly list?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly engine?: EngineName;
  readonly backend?: BackendName;
  readonly workers?: number;
}

/**
 * `bn-compare reproduce [CLAIM…]`: measures published results and compares. Throws with exit code 1 where one does not
 * hold.
 */
export async function reproduce(
  names: readonly string[],
  flags: ReproduceFlags,
  { terminal, signal }: Io,
): Promise<void> {
  const claims = (names.length === 0 ? claimNames() : [...new Set(names)]).map(loadClaim);
  if (flags.list) return terminal.product(listOf(claims, flags.json ?? false));
  const { engine = ENGINES[0], backend, workers } = flags;
  const note = (line: string) => void (flags.quiet || terminal.note(line));
  const started = performance.now();
  let finished = 0;
  const reproductions = await reproduceClaims(claims, {
    engine,
    ...(backend === undefined ? {} : { backend }),
    ...(workers === undefined ? {} : { workers }),
    signal,
    notice: terminal.note,
    done({ claim, holds }) {
      finished++;
      note(
        holds
          ? t`${finished} of ${claims.length}: ${claim.name} holds`
          : t`${finished} of ${claims.length}: ${claim.name} does not hold`,
      );
    },
  });
  const seconds = (performance.now() - started) / 1000;
  terminal.product(
    flags.json
      ? formatJson(asJson(reproductions, engine, seconds))
      : screen`${textOf(reproductions, seconds, terminal)}\n`,
  );
  const faults = reproductions.flatMap(faultsOf);
  if (faults.length > 0) throw new ExpectedError(EXIT.regression, faults);
}

/** Four significant digits: what is printed, recorded in `claim.yaml` and quoted. */
export function printed(value: number): string {
  return digitsText(value, 4);
}

function listOf(claims: readonly Claim[], json: boolean): Json | ScreenText {
  const facts = claims.map(({ name, claim, source, seeds, numbers }) => ({
    name,
    claim,
    source,
    seeds: seeds.length,
    numbers: numbers.map(({ name, is, published, origin }) => ({ name, is, published, origin })),
  }));
  if (json) return formatJson({ claims: facts });
  const blocks = facts.map(({ name, claim, source, seeds, numbers }) => {
    const lines = [claim, t`Source: ${source}.`, t`${countedText(numbers.length, "number")}, ${seeds} seeds.`];
    return screen`${name}${lines.flatMap((line) => wrapped(line, 76)).map((line) => screen`\n  ${line}`)}`;
  });
  return screen`${screen.joined(blocks, "\n\n")}\n`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const HEAD = [t`claim`, t`published`, t`tolerance`, t`measured`, t`over seeds`, t`holds`, "s"];

function textOf(reproductions: readonly Reproduction[], seconds: number, { columns }: Terminal): ScreenText {
  const verdict = (holds: boolean): Line => (holds ? t`yes` : bold(t`NO`));
  const rows: Line[][] = reproductions.flatMap(({ claim, numbers, seconds }) => [
    [bold(claim.name), "", "", "", "", "", seconds.toFixed(1)],
    ...numbers.map((each) => [
      `  ${each.number.name}`,
      printed(each.number.published),
      toleranceText(each.number),
      measuredText(each),
      intervalText(each),
      verdict(each.holds),
      "",
    ]),
  ]);
  const table = plainTable(HEAD, rows, ["left", "right", "right", "right", "left", "left", "right"]);
  const width = HEAD.reduce(
    (sum, head, i) => sum + 2 + Math.max(head.length, ...rows.map((row) => plainLength(row[i] ?? ""))),
    -2,
  );
  const body = width > columns ? blocksOf(reproductions, verdict) : table;
  const range = reproductions.some(({ numbers }) => numbers.some(({ measured }) => measured.method === "range"));
  const notes = [
    t`Holds: the measured value is within the tolerance of the published one.`,
    range
      ? t`Over seeds: a 95 % interval; of learning-rate the range of single seeds.`
      : t`Over seeds: a 95 % interval.`,
    t`s: seconds of computing, summed over the workers; elapsed time: ${seconds.toFixed(0)} s.`,
  ];
  return screen.joined([body, "", ...notes.map(dim), "", bold(conclusion(reproductions))], "\n");
}

/** Characters on the screen. */
function plainLength(text: Line): number {
  return shown(text, { colors: false }).length;
}

/** For a terminal too narrow for the table. */
function blocksOf(reproductions: readonly Reproduction[], verdict: (holds: boolean) => Line): ScreenText {
  const line = (each: ReproducedNumber) =>
    screen`\n  ${each.number.name}: published ${allowed(each.number)}\n    measured ${measuredText(each)}, ${intervalText(each)}\n    holds: ${verdict(each.holds)}`;
  const head = ({ claim, seconds }: Reproduction) => `${claim.name} (${seconds.toFixed(1)} s)`;
  const blocks = reproductions.map((each) => screen`${head(each)}${each.numbers.map(line)}`);
  return screen.joined(blocks, "\n\n");
}

function measuredText({ measured }: ReproducedNumber): string {
  return measured.value === undefined ? t`undefined` : printed(measured.value);
}

function intervalText({ measured: { low, high } }: ReproducedNumber): string {
  return low === undefined || high === undefined ? "–" : t`${printed(low)} to ${printed(high)}`;
}

function conclusion(reproductions: readonly Reproduction[]): string {
  const numbers = reproductions.flatMap((each) => each.numbers);
  const held = numbers.filter(({ holds }) => holds).length;
  const claims = reproductions.filter(({ holds }) => holds).length;
  const inClaims = reproductions.length === 1 ? t`one claim` : t`${reproductions.length} claims`;
  const each = t`${held} of ${numbers.length} numbers in ${inClaims}`;
  return claims === reproductions.length ? t`All hold: ${each}.` : t`Not all hold: ${each}.`;
}

function faultsOf({ claim, numbers }: Reproduction): string[] {
  return numbers
    .filter(({ holds }) => !holds)
    .map(
      (each) =>
        t`${claim.name}: ${each.number.name}: ${measuredText(each)}${because(each)}; published: ${allowed(each.number)}`,
    );
}

function because({ measured: { reason } }: ReproducedNumber): string {
  return reason === undefined ? "" : ` (${reason})`;
}

function allowed({ published, tolerance }: ClaimNumber): string {
  return `${printed(published)} ${toleranceText({ tolerance })}`;
}

/** How far from the published value the measured one may be: "± 5 %", "± 0.2". */
function toleranceText({ tolerance }: Pick<ClaimNumber, "tolerance">): string {
  return `± ${"relative" in tolerance ? `${printed(100 * tolerance.relative)}${NBSP}%` : printed(tolerance.absolute)}`;
}

function asJson(reproductions: readonly Reproduction[], engine: EngineName, seconds: number) {
  return {
    engine,
    claims: reproductions.map(({ claim, numbers, holds }) => ({
      name: claim.name,
      claim: claim.claim,
      source: claim.source,
      seeds: claim.seeds.length,
      holds,
      numbers: numbers.map(({ number: { name, is, published, origin, tolerance, statistic }, measured, holds }) => ({
        name,
        is,
        published: { value: published, origin: ORIGINS[origin] },
        tolerance,
        statistic,
        measured,
        holds,
      })),
    })),
    timing: { seconds, claims: Object.fromEntries(reproductions.map(({ claim, seconds }) => [claim.name, seconds])) },
  };
}
