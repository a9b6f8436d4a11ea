import type { View } from "../charts/chart.js";
import { LINE, layer, paramsOf } from "../charts/parts.js";
import { type Drawable, drawn } from "../charts/picture.js";
import type { Spec } from "../charts/spec.js";
import { INK, NARROW_WIDTH, QUIET_INK } from "../charts/theme.js";
import { legendLabels } from "../charts/vega-text.js";
import { normalizers } from "../model/normalizers/index.js";
import type { Result } from "../record/result.js";
import { asMarkup, html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
import { canvasMarkup } from "./figures.js";
import type { PageChart } from "./interactive.js";
import { type LabeledArm, labeledArms } from "./labeled-arms.js";
import { settingOf } from "./net-state.js";
import { normalizerNamed } from "./normalizers.js";
import {
  firstChoice,
  formulaOf,
  netPicture,
  type PageUnits,
  pictureSize,
  type UnitsArm,
  unitRows,
  unitText,
} from "./units.js";

/** Single units on a run's page: a drawing of the net, the formula with a unit's numbers, what it receives and outputs. */
export interface UnitView {
  readonly units: PageUnits;
  readonly chart: PageChart;
  readonly markup: Markup;
}

const MOST_ARMS = 2;
const UNIT = "unit";

/** Of the first two arms; undefined of a record without units. */
export async function unitViewOf(result: Result): Promise<UnitView | undefined> {
  const arms = labeledArms(result)
    .slice(0, MOST_ARMS)
    .flatMap((arm, place) => unitsArm(result, arm, place) ?? []);
  if (arms.length === 0) return undefined;
  const units: PageUnits = { arms };
  const choice = firstChoice(units);
  const own = arms[choice.arm] as UnitsArm;
  const { width, height } = pictureSize(own);
  const rows = unitRows(units, choice);
  const at = (view: View): Drawable => ({
    name: UNIT,
    title: t`One unit`,
    description: t`What it receives and outputs over the points.`,
    notes: [],
    about: "",
    spec: unitSpec(view, own.x !== undefined),
    sets: { [UNIT]: rows },
  });
  const [narrow, still] = [at({ viewport: "narrow", interactive: true }), at({ viewport: "narrow" })];
  const formula = formulaOf(units, choice).map((line) => html`<span>${line}</span>`);
  const markup = html`<details id="one-unit"><summary>One unit and its formula</summary>
<p class="unit-said" role="status">${unitText(units, choice)}</p>
<p class="formula">${formula}</p>
<div class="unit"><svg class="net arm arm-${own.place}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${t`The net, one circle per unit`}">${asMarkup(netPicture(units, choice))}</svg>
<figure class="chart" id="chart-${UNIT}">${canvasMarkup(await drawn(still), UNIT, t`What the unit receives and outputs`, "narrow")}</figure></div>
<p class="notes">The darker a circle, the more its unit's output varies over the points. z is the unit's weighted sum, u the normalized result; μ and σ² are the points' statistics in training mode.</p>
</details>`;
  return { units, chart: { id: UNIT, ways: [{ name: "", at: { wide: narrow, narrow } }] }, markup };
}

function unitsArm(result: Result, { name, label, arm }: LabeledArm, place: number): UnitsArm | undefined {
  const { units } = arm;
  const checkpoint = arm.checkpoints.find(({ update }) => update === units?.update);
  if (units === undefined || checkpoint === undefined || units.layers.length === 0) return undefined;
  const [scale] = result.data.standardization?.inputs ?? [];
  const x = units.x?.map((value) => (scale === undefined ? value : value * (scale.deviation || 1) + scale.mean));
  return {
    label,
    place,
    activation: String(settingOf(result, name, "activation")),
    update: units.update,
    norm: normOf(result, name),
    ...(x === undefined ? {} : { x }),
    layers: units.layers.map((own, at) => {
      const { batchMean: mean, batchVariance: variance } = checkpoint.layers[at] ?? {};
      const shown = (list: typeof mean) => list?.slice(0, own.low.length);
      return { ...own, ...(mean && variance ? { mean: shown(mean), variance: shown(variance) } : {}) };
    }),
  };
}

function normOf(result: Result, name: string): UnitsArm["norm"] {
  if (settingOf(result, name, "normalize") === "none")
    return t`u = z: nothing normalizes what this net's activations receive.`;
  const normalizer = normalizerNamed(settingOf(result, name, "normalizer"));
  if (normalizer !== normalizers.batch) return `${normalizer.label}: ${normalizer.formula}`;
  return {
    transform: String(settingOf(result, name, "transform") ?? "standardize"),
    epsilon: Number(settingOf(result, name, "epsilon")),
    isAfter: settingOf(result, name, "position") === "after",
  };
}

/** Along x what the unit receives and outputs, and below how often it receives what. */
function unitSpec(view: View, isOverX: boolean): Spec {
  const width = NARROW_WIDTH - 54;
  const colors = {
    field: "what",
    type: "nominal",
    scale: { domain: ["receives", "outputs"], range: [QUIET_INK, INK] },
  };
  const legend = {
    orient: "top",
    symbolType: "stroke",
    ...legendLabels({ receives: t`receives`, outputs: t`outputs` }),
  };
  const x = {
    field: "x",
    type: "quantitative",
    scale: { nice: false, zero: false },
    axis: { grid: false, tickCount: 5 },
  };
  const tooltip = view.interactive ? { tooltip: { field: "told", type: "nominal" } } : {};
  const dashes = {
    domain: colors.scale.domain,
    range: [
      [4, 3],
      [1, 0],
    ],
  };
  const fold = [{ fold: ["receives", "outputs"], as: ["what", "value"] }];
  const curve = {
    width,
    height: 150,
    layer: [
      layer(
        UNIT,
        { ...LINE, clip: false },
        {
          x,
          y: { field: "value", type: "quantitative", axis: { title: null, tickCount: 5 } },
          color: { ...colors, legend },
          strokeDash: { ...colors, scale: dashes, legend },
        },
        fold,
      ),
      {
        name: "areas",
        ...layer(
          UNIT,
          { type: "point", filled: true, color: INK, opacity: 1 },
          { x, y: { field: "outputs", type: "quantitative" }, size: { value: 26 }, ...tooltip },
        ),
      },
    ],
  };
  const bars = {
    width,
    height: 70,
    ...layer(
      UNIT,
      { type: "bar", color: QUIET_INK },
      {
        x: {
          field: "receives",
          bin: true,
          type: "quantitative",
          axis: { title: t`receives`, grid: false, tickCount: 5 },
        },
        y: { aggregate: "count", type: "quantitative", axis: { title: t`points`, tickCount: 3 } },
      },
    ),
  };
  return { params: paramsOf(view, {}), vconcat: isOverX ? [curve, bars] : [bars], spacing: 14 };
}
