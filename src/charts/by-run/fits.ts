import type { TopLevelSpec } from "vega-lite";
import { fits, points, truth } from "../../tables/fits.js";
import { divergedText } from "../../text/endings.js";
import { numberText } from "../../text/numbers.js";
import { axisNumbers } from "../axis-numbers.js";
import type { View } from "../chart.js";
import { columnNames, type Domain, dataDomains } from "../data/domain.js";
import { nearby } from "../data/spec.js";
import { columnAreas, HOVER_PARAMS } from "../hover.js";
import { paramsOf } from "../params.js";
import type { Drawable } from "../picture.js";
import { armStyles, INK } from "../theme.js";
import { numberExpr } from "../vega-text.js";
import { runPanels } from "./panels.js";
import { armsOf, type LabeledRecord, runSets } from "./runs.js";

/** Fits of several runs over their common points; undefined where the runs have other points, or none over one axis. */
export function fitsByRun(runs: readonly LabeledRecord[], view: View = { viewport: "wide" }): Drawable | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const { x, y } = dataDomains(first.result);
  const isCommon = runs.every(({ result }) => result.pairing.data === first.result.pairing.data);
  const styles = armStyles(armsOf(runs));
  const trained = styles.filter(({ name }) => runs.some(({ result }) => result.arms[name]?.status === "trained"));
  if (x === undefined || !isCommon || trained.length === 0) return undefined;
  const isSeveral = runs.some(({ result }) => result.seeds.length > 1);
  const dotted = first.result.data.truth === undefined ? "" : ` Dotted: the true curve ${first.result.data.truth}.`;
  return {
    name: "fits",
    title: `Data and fits — ${runs.length} runs`,
    description: describe(runs),
    notes: [
      `A panel for each arm, a line for each run's fit in inference mode; gray: training points.${dotted}${isSeveral ? " Of several seeds, the first one's nets." : ""}`,
    ],
    about: "",
    spec: specOf(
      runs,
      trained.map(({ label }) => label),
      x,
      y,
      view,
    ),
    sets: { ...runSets([fits], runs), ...runSets([points, truth], [first]) },
  };
}

function specOf(
  runs: readonly LabeledRecord[],
  panels: readonly string[],
  xDomain: Domain,
  yDomain: Domain,
  view: View,
): TopLevelSpec {
  const layout = runPanels(runs, panels, view);
  const [xNumbers, yNumbers] = [axisNumbers(xDomain), axisNumbers(yDomain)];
  const [first] = runs;
  const names = first === undefined ? { x: "x", y: "y" } : columnNames(first.result, layout.size);
  const x = {
    field: "x",
    type: "quantitative",
    scale: { domain: { expr: "xDomain" }, nice: false, zero: false },
    axis: { title: xNumbers.title(names.x), grid: false, labelExpr: xNumbers.expr, tickCount: 8 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: { expr: "yDomain" }, nice: false, zero: false },
    axis: { title: yNumbers.title(names.y), labelExpr: yNumbers.expr, tickCount: 6 },
  });
  return {
    data: { name: "fits" },
    params: paramsOf({ ...layout.params, xDomain, yDomain, ...(view.interactive ? HOVER_PARAMS : {}) }),
    transform: [{ calculate: "datum.arm", as: "panel" }, layout.order, ...nearby(["run", "arm"])],
    facet: layout.facet,
    columns: layout.columns,
    spacing: { row: 16, column: 16 },
    resolve: { axis: { x: "independent", y: "independent" } },
    spec: {
      ...layout.size,
      layer: [
        {
          data: { name: "points" },
          mark: { type: "point", filled: true, size: 9, color: "#b4b4b4", opacity: 1 },
          encoding: { x, y: y("y") },
        },
        {
          data: { name: "truth" },
          mark: { type: "line", color: INK, strokeWidth: 1.5, strokeDash: [2, 3], clip: true },
          encoding: { x, y: y("y") },
        },
        {
          mark: { type: "line", strokeWidth: 2, strokeJoin: "round", clip: true },
          encoding: { x, y: y("shown"), color: layout.color, strokeDash: layout.strokeDash },
        },
        ...(view.interactive ? columnAreas(toldFits(runs.length), x, ["xDomain[0]", "xDomain[1]"]) : []),
      ],
    },
  } as unknown as TopLevelSpec;
}

function describe(runs: readonly LabeledRecord[]): string {
  return armStyles(armsOf(runs))
    .map(({ name, label }) => {
      const told = runs.flatMap(({ label: run, result }) => {
        const arm = Object.hasOwn(result.arms, name) ? result.arms[name] : undefined;
        if (arm === undefined) return [];
        return arm.status === "trained"
          ? [`${run} ends at a cost of ${numberText(arm.final.inference)}`]
          : [`${run} ${divergedText(arm.divergence.update)} and has no fit`];
      });
      return `${label}: ${told.join("; ")}.`;
    })
    .join(" ");
}

/** What is said at an x: each run's prediction. */
function toldFits(count: number) {
  return {
    transform: [],
    field: "x",
    groupby: ["panel"],
    place: "indexof(runs, datum.run)",
    count,
    line: `datum.run + ': ' + ${numberExpr("datum.predicted")}`,
    heading: `datum.panel + ', x = ' + ${numberExpr("datum.x")}`,
  };
}
