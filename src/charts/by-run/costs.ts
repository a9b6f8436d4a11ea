import type { TopLevelSpec } from "vega-lite";
import type { Result } from "../../record/result.js";
import { medians } from "../../tables/medians.js";
import { countText, numberText } from "../../text/numbers.js";
import type { View } from "../chart.js";
import { costDomain } from "../costs/domain.js";
import {
  costSeries,
  countDivergences,
  divergenceText,
  MODE_NAMES,
  referenceCosts,
  type Series,
} from "../costs/series.js";
import { columnAreas, HOVER_PARAMS } from "../hover.js";
import { flattens, logAxis, logDomain } from "../log-axis.js";
import { paramsOf } from "../params.js";
import type { Drawable } from "../picture.js";
import { QUIET_INK } from "../theme.js";
import { countExpr, numberExpr } from "../vega-text.js";
import { lastUpdate, listText } from "../wording.js";
import { runPanels } from "./panels.js";
import { type LabeledRecord, runSets } from "./runs.js";

/** The costs of several runs: a panel for each arm and mode, a line for each run. */
export function costsByRun(runs: readonly LabeledRecord[], view: View = { viewport: "wide" }): Drawable {
  const lines = runs.flatMap(({ label, result }) =>
    costSeries(result).map((series) => ({ run: label, result, series, panel: panelOf(series, runs) })),
  );
  const panels = [...new Set(lines.map(({ panel }) => panel))];
  const isOwn = flattens(
    panels.map((panel) => lines.filter((line) => line.panel === panel).flatMap(({ series }) => pointsOf(series))),
  );
  const references = commonReferences(runs);
  const isSeveral = runs.some(({ result }) => result.seeds.length > 1);
  const dotted =
    references.length === 0
      ? ""
      : ` Dotted: ${listText(references.map(({ name, cost }) => `${name} (${numberText(cost)})`))}.`;
  return {
    name: "costs",
    title: `Cost during training — ${runs.length} runs`,
    description: describe(lines),
    notes: [
      `A panel for each arm and mode, a line for each run, on ${isOwn ? "log scales of their own" : "one log scale"}.${isSeveral ? " Of several seeds, the median." : ""}${dotted}`,
    ],
    about: "",
    spec: specOf(
      runs,
      panels,
      { isOwn, isBoth: lines.some(({ series }) => series.mode === "inference"), references },
      view,
    ),
    sets: runSets([medians], runs),
  };
}

interface Line {
  readonly run: string;
  readonly result: Result;
  readonly series: Series;
  readonly panel: string;
}

/** The arm, and the mode where some run draws two. */
function panelOf({ style, mode }: Series, runs: readonly LabeledRecord[]): string {
  const isBoth = runs.some(({ result }) =>
    costSeries(result).some((other) => other.style.name === style.name && other.mode === "inference"),
  );
  return isBoth ? `${style.label}, ${MODE_NAMES[mode]}` : style.label;
}

function pointsOf({ points }: Series): number[] {
  return points.map(({ cost }) => cost);
}

/** Reference costs that all runs have in common. */
function commonReferences(runs: readonly LabeledRecord[]) {
  const [first, ...others] = runs.map(({ result }) => referenceCosts(result));
  return (first ?? []).filter(({ name, cost }) =>
    others.every((other) => other.some((one) => one.name === name && one.cost === cost)),
  );
}

function specOf(
  runs: readonly LabeledRecord[],
  panels: readonly string[],
  { isOwn, isBoth, references }: { isOwn: boolean; isBoth: boolean; references: ReturnType<typeof commonReferences> },
  view: View,
): TopLevelSpec {
  const layout = runPanels(runs, panels, view);
  const domains = runs.map(({ result }) => costDomain(result, costSeries(result)));
  const domain = logDomain(domains.flat());
  const x = {
    field: "updates",
    type: "quantitative",
    scale: { domain: { expr: "[0, lastUpdate]" }, nice: false },
    axis: { title: "update", grid: false, tickMinStep: 1, tickCount: 5, labelExpr: countExpr("datum.value") },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { type: "log", nice: false, ...(isOwn ? { padding: 8 } : { domain: { expr: "domain" } }) },
    axis: { title: null, minExtent: 44, ...logAxis(isOwn ? undefined : "domain", layout.size.height) },
  });
  return {
    data: { name: "medians" },
    params: paramsOf({
      ...layout.params,
      lastUpdate: Math.max(1, ...runs.map(({ result }) => lastUpdate(result))),
      ...(isOwn ? {} : { domain }),
      modes: MODE_NAMES,
      ...(view.interactive ? HOVER_PARAMS : {}),
    }),
    transform: [
      {
        calculate: isBoth
          ? "indexof(panels, datum.arm) >= 0 ? datum.arm : datum.arm + ', ' + modes[datum.mode]"
          : "datum.arm",
        as: "panel",
      },
      {
        filter:
          "indexof(panels, datum.panel) >= 0 && (datum.panel !== datum.arm || datum.mode === 'train') && datum.median > 0",
      },
      layout.order,
    ],
    facet: layout.facet,
    columns: layout.columns,
    spacing: { row: 16, column: 16 },
    resolve: { axis: { x: "independent", y: "independent" }, ...(isOwn ? { scale: { y: "independent" } } : {}) },
    spec: {
      ...layout.size,
      encoding: { x },
      layer: [
        ...(references.length === 0
          ? []
          : [
              {
                data: { name: "references", values: references.map(({ cost }) => ({ cost })) },
                mark: { type: "rule", color: QUIET_INK, strokeDash: [2, 3] },
                encoding: { x: null, y: y("cost") },
              },
            ]),
        {
          mark: { type: "line", strokeWidth: 2, strokeJoin: "round", clip: true },
          encoding: { y: y("median"), color: layout.color, strokeDash: layout.strokeDash },
        },
        ...(view.interactive ? columnAreas(toldCosts(runs.length), x, ["0", "lastUpdate"]) : []),
      ],
    },
  } as unknown as TopLevelSpec;
}

/** What is said at an update: each run's cost. */
function toldCosts(count: number) {
  return {
    transform: [],
    field: "updates",
    groupby: ["panel"],
    place: "indexof(runs, datum.run)",
    count,
    line: `datum.run + ': ' + ${numberExpr("datum.median")}`,
    heading: `datum.panel + ', update ' + ${countExpr("datum.updates")}`,
  };
}

/** How each run's line ends in each panel. */
function describe(lines: readonly Line[]): string {
  const panels = new Map<string, string[]>();
  for (const { run, result, series, panel } of lines) {
    const told = panels.get(panel) ?? [];
    told.push(`${run} ${endText(result, series)}`);
    panels.set(panel, told);
  }
  return [...panels].map(([panel, told]) => `${panel}: ${told.join("; ")}.`).join(" ");
}

function endText(result: Result, { style, points }: Series): string {
  const count = countDivergences(result, style.name);
  const last = points.at(-1);
  if (count.diverged === count.of && count.diverged > 0) return divergenceText(count);
  if (last === undefined) return "has no finite cost";
  const some = last.seeds < count.of ? ` in ${last.seeds} of ${count.of} seeds` : "";
  if (last.update < lastUpdate(result))
    return `has no finite cost at the end (${numberText(last.cost)} at update ${countText(last.update)})`;
  return `ends at ${numberText(last.cost)}${some}`;
}
