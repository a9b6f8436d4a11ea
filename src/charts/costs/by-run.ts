import type { View } from "../chart.js";
import { clockMark, columnAreas } from "../hover.js";
import { flattens, logDomain } from "../log-axis.js";
import { RUN_HEIGHT, runLooks, runPanels, toldRuns } from "../panels.js";
import { calculate, LINE, layer, logY, paramsOf, updatesX } from "../parts.js";
import type { Runs } from "../runs.js";
import type { Spec } from "../spec.js";
import { QUIET_INK } from "../theme.js";
import { lastUpdate } from "../wording.js";
import { costDomain } from "./domain.js";
import { commonReferences, costSeries, MODE_NAMES, REFERENCE_DASH, runLines } from "./series.js";
import { HEADING } from "./spec.js";

/** Cost over updates of several runs: a panel for each arm and mode, a line for each run. */
export function costsOfSeveral(runs: Runs, view: View): Spec {
  const lines = runLines(runs);
  const names = [...new Set(lines.map(({ panel }) => panel))];
  const panels = runPanels(names, view);
  const isOwn = hasOwnScales(runs);
  const domain = logDomain(runs.flatMap(({ result }) => costDomain(result, costSeries(result))));
  const looks = runLooks(runs, view);
  const x = updatesX("updates", 5);
  const y = (field: string) => logY(field, isOwn ? undefined : "domain", RUN_HEIGHT);
  return {
    data: { name: "medians" },
    params: paramsOf(view, {
      ...panels.params,
      ...looks.params,
      lastUpdate: Math.max(1, ...runs.map(({ result }) => lastUpdate(result))),
      ...(isOwn ? {} : { domain }),
      modes: MODE_NAMES,
      references: commonReferences(runs).map(({ key }) => key),
    }),
    transform: [
      calculate("panel", "indexof(panels, datum.arm) >= 0 ? datum.arm : datum.arm + ', ' + modes[datum.mode]"),
      { filter: "(datum.panel !== datum.arm || datum.mode === 'inference') && datum.median > 0" },
      ...panels.transform,
    ],
    ...panels.of(
      {
        height: RUN_HEIGHT,
        layer: [
          layer("references", { type: "rule", color: QUIET_INK, strokeDash: REFERENCE_DASH }, { y: y("cost") }, [
            { filter: "indexof(references, datum.reference) >= 0" },
          ]),
          layer(undefined, LINE, { x, y: y("median"), color: looks.color, strokeDash: looks.strokeDash }),
          ...clockMark(view, { x }),
          ...columnAreas(view, toldRuns(runs, "updates", "median", HEADING), x),
        ],
      },
      isOwn ? { y: "independent" } : {},
    ),
  };
}

/** Whether on one scale the lines of some panel would lie flat: then each has its own. */
export function hasOwnScales(runs: Runs): boolean {
  const lines = runLines(runs);
  return flattens(
    [...new Set(lines.map(({ panel }) => panel))].map((name) =>
      lines.filter(({ panel }) => panel === name).flatMap(({ series }) => series.points.map(({ cost }) => cost)),
    ),
  );
}
