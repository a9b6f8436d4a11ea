import { EXIT, ExpectedError } from "../errors.js";
import { recheckPairing } from "../experiment/recheck.js";
import { replayed } from "../experiment/replay.js";
import { formatJson } from "../files/json.js";
import { effectRows, momentumLine, roundingLines, seedRows } from "../output/evidence.js";
import { certificateRows, differenceLines, GAP_NOTE, gapRows, verdictRows } from "../output/inspection.js";
import { readRun } from "../output/run-reader.js";
import { costTableRows } from "../output/table.js";
import type { Io } from "../output/terminal.js";
import { problemsOf } from "../problems.js";
import { sentenceOf } from "../text/findings.js";
import { t } from "../text/language.js";
import { recalibrationLines } from "../text/recalibration.js";
import type { Rows } from "../text/rows.js";
import { heading, screen } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";
import { warningText } from "../text/warning-text.js";

/**
 * `bn-compare inspect RUN`: what a recorded run proves and found, and whether its arms are pairs: data and weights are
 * made anew from the configuration and compared with the certificate. Throws with exit code 1 where they differ.
 */
export async function inspect(run: string, options: { readonly json?: boolean }, { terminal }: Io): Promise<void> {
  const { result, folder } = readRun(run);
  const faults = recheckPairing(result, replayed(result, folder));
  if (options.json) {
    terminal.product(
      formatJson({ paired: faults.length === 0, faults, pairing: result.pairing, warnings: result.warnings }),
    );
  } else {
    const { columns } = terminal;
    const section = (title: string, parts: readonly (Rows | readonly string[] | undefined)[]) => {
      const texts = parts.flatMap((part) => {
        if (part === undefined) return [];
        if (!("rows" in part)) return part.length === 0 ? [] : [screen.joined(part, "\n")];
        if (part.rows.length === 0) return [];
        return [fittingTable(part, columns)];
      });
      if (texts.length > 0) terminal.product(screen`${heading(title)}\n\n${screen.joined(texts, "\n\n")}\n\n`);
    };
    section(t`Result`, [[sentenceOf(result)], costTableRows(result), seedRows(result), effectRows(result)]);
    const verdict =
      faults.length === 0
        ? t`the arms are pairs: data and weights regenerated from the configuration have the same hashes`
        : t`THE CERTIFICATE DOES NOT HOLD (below)`;
    section(t`Pairing`, [certificateRows(result), [...differenceLines(result), verdict]]);
    section(t`Layers that are not healthy`, [verdictRows(result)]);
    const gaps = gapRows(result);
    section(t`Inference mode and training mode`, [
      gaps,
      gaps.rows.length === 0 ? [] : [GAP_NOTE],
      [
        ...recalibrationLines(result),
        ...result.warnings.map((warning) => t`warning: ${warningText(warning, result.config)}`),
        momentumLine(result),
      ],
    ]);
    section(t`Rounding`, [roundingLines(result)]);
  }
  if (faults.length > 0) {
    throw new ExpectedError(EXIT.regression, [
      t`${run}: the arms are not proven to be pairs:`,
      ...problemsOf(faults)
        .lines()
        .map((fault) => `  ${fault}`),
    ]);
  }
}
