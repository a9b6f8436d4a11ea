import { type ActivationName, activations } from "../model/activations.js";
import type { Units } from "../record/units.js";
import type { Statistic } from "../record/values.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import { layerName } from "../text/places.js";

/** Single units of a run's nets as its page shows them, with script and without. */

export interface PageUnits {
  readonly arms: readonly UnitsArm[];
}

export interface UnitsArm {
  readonly label: string;
  /** The arm's place among all of the run's, which has its color. */
  readonly place: number;
  readonly activation: string;
  readonly update: number;
  /** How its normalization makes u of z in words, where single units have no numbers for it. */
  readonly norm: UnitNorm | string;
  readonly x?: readonly number[];
  readonly layers: readonly UnitsLayer[];
}

/** Batch normalization: what it leaves out, and what it is behind of. */
export interface UnitNorm {
  readonly transform: string;
  readonly epsilon: number;
  readonly isAfter: boolean;
}

/** As in the record, with its batch's statistics. */
type UnitsLayer = Units["layers"][number] & {
  readonly mean?: readonly Statistic[] | undefined;
  readonly variance?: readonly Statistic[] | undefined;
};

/** A unit by its places, from 0. */
export interface UnitChoice {
  readonly arm: number;
  readonly layer: number;
  readonly unit: number;
}

/** Digits of a value in the record, and the largest. */
const [DIGITS, STEPS] = [2, 255];

function receivedBy({ low, high, values }: UnitsLayer, unit: number): number[] {
  const points = low.length === 0 ? 0 : values.length / DIGITS / low.length;
  const [start, end] = [low[unit] ?? 0, high[unit] ?? 0];
  return Array.from({ length: points }, (_, point) => {
    const at = DIGITS * (unit * points + point);
    return start + ((end - start) * Number.parseInt(values.slice(at, at + DIGITS), 16)) / STEPS;
  });
}

function answerOf(activation: string): (value: number) => number {
  return Object.hasOwn(activations, activation) ? activations[activation as ActivationName].value : (value) => value;
}

/** What a unit receives and outputs, a row a point. */
export function unitRows({ arms }: PageUnits, { arm, layer, unit }: UnitChoice) {
  const { activation = "", x, layers } = arms[arm] ?? {};
  const own = layers?.[layer];
  const answer = answerOf(activation);
  return (own === undefined ? [] : receivedBy(own, unit)).map((receives, point) => {
    const [outputs, at] = [answer(receives), x?.[point]];
    const place = at === undefined ? t`point ${point + 1}` : `x = ${numberText(at)}`;
    const told = t`${place}\nreceives ${numberText(receives)}\noutputs ${numberText(outputs)}`;
    return { x: at ?? point + 1, receives, outputs, told };
  });
}

/** What normalizes a unit's values, with its numbers: a general line and one of this unit. */
export function formulaOf({ arms }: PageUnits, { arm, layer, unit }: UnitChoice): readonly string[] {
  const { norm = "", layers, activation } = arms[arm] ?? {};
  if (typeof norm === "string") return [norm];
  const own = layers?.[layer];
  const [gamma, beta, mean, variance] = [own?.gamma, own?.beta, own?.mean, own?.variance].map((list) => list?.[unit]);
  if (mean === undefined || variance === undefined) return [t`u = z: this layer is not normalized`];
  const { transform, epsilon, isAfter } = norm;
  const z = isAfter ? `${activation}(z)` : "z";
  const line = (text: (value: Statistic | undefined, symbol: string) => string) => {
    const centered = transform === "scale" ? z : `(${z} − ${text(mean, "μ")})`;
    const divided =
      transform === "center"
        ? ""
        : ` / √(${text(variance, transform === "scale" ? "m" : "σ²")} + ${text(epsilon, "ε")})`;
    const scaled = gamma === undefined ? "" : `${text(gamma, "γ")} · `;
    return `u = ${scaled}${centered}${divided}${beta === undefined ? "" : ` + ${text(beta, "β")}`}`
      .replaceAll("− −", "+ ")
      .replaceAll("+ −", "− ");
  };
  return [line((_, symbol) => symbol), line((value) => numberText(value ?? "NaN"))];
}

/** "Unit 3 of layer 2 in bn at update 250 receives −1.2 to 2.3 and outputs 0 to 2.3." */
export function unitText(units: PageUnits, choice: UnitChoice): string {
  const { label = "", update = 0, layers = [] } = units.arms[choice.arm] ?? {};
  const rows = unitRows(units, choice);
  const range = (of: "receives" | "outputs") => {
    const [low, high] = [Math.min, Math.max].map((end) => numberText(end(...rows.map((row) => row[of]))));
    return low === high ? low : t`${low} to ${high}`;
  };
  return t`Unit ${choice.unit + 1} of ${layerName(choice.layer, layers.length + 1)} in ${label}, at update ${update}: it receives ${range("receives")} and outputs ${range("outputs")}.`;
}

/** Px between layers and between units, and of a unit. */
const [ACROSS, DOWN, RADIUS] = [64, 12, 4.5];
const TOP = 24;

export function pictureSize({ layers }: UnitsArm) {
  const most = Math.max(1, ...layers.map(({ low }) => low.length));
  return { width: ACROSS * (layers.length + 2), height: TOP + DOWN * (most + 1) };
}

/**
 * The net as circles, a column a hidden layer, between its input and its output: the darker, the more a unit's output
 * differs between points; with lines from and to the chosen one. The inner part of an SVG.
 */
export function netPicture({ arms }: PageUnits, { arm, layer, unit }: UnitChoice): string {
  const own = arms[arm];
  if (own === undefined) return "";
  const { layers, activation } = own;
  const { height } = pictureSize(own);
  const answer = answerOf(activation);
  const x = (column: number) => ACROSS * (column + 1.5);
  const y = (place: number, count: number) => Math.round(TOP + (height - TOP) / 2 + DOWN * (place - (count - 1) / 2));
  const counts = layers.map(({ low }) => low.length);
  const from = { x: x(layer), y: y(unit, counts[layer] ?? 1) };
  const lines = [layer - 1, layer + 1].flatMap((column) => {
    const count = counts[column] ?? 1;
    return Array.from({ length: count }, (_, place) => `M${from.x} ${from.y}L${x(column)} ${y(place, count)}`);
  });
  const columns = layers.map((each, column) => {
    const spreads = each.low.map((_, place) => spreadOf(receivedBy(each, place).map(answer)));
    const most = Math.max(...spreads, Number.MIN_VALUE);
    const circles = spreads.map((spread, place) => {
      const isChosen = column === layer && place === unit;
      const look = `fill-opacity="${(spread / most).toFixed(2)}"${isChosen ? ' class="chosen"' : ""}`;
      return `<circle cx="${x(column)}" cy="${y(place, spreads.length)}" r="${RADIUS}" data-at="${column}.${place}" ${look}/>`;
    });
    return `<text x="${x(column)}" y="12" data-at="${column}">${layerName(column, layers.length + 1)}</text>${circles.join("")}`;
  });
  const ends = [-1, layers.length].map(
    (column) =>
      `<text x="${x(column)}" y="12">${column < 0 ? t`input` : t`output`}</text><circle cx="${x(column)}" cy="${y(0, 1)}" r="${RADIUS}"/>`,
  );
  return `<path d="${lines.join("")}"/>${columns.join("")}${ends.join("")}`;
}

/** The standard deviation. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 0;
}

/** "1.2.3" in the page's address: net, layer, unit from 1 on; undefined of one that is not there. */
export function chosenUnit({ arms }: PageUnits, text: string | undefined): UnitChoice | undefined {
  const [arm = -1, layer = -1, unit = -1] = (text ?? "").split(".").map((place) => Number(place) - 1);
  return arms[arm]?.layers[layer]?.low[unit] === undefined ? undefined : { arm, layer, unit };
}

export function choiceText({ arm, layer, unit }: UnitChoice): string {
  return [arm, layer, unit].map((place) => place + 1).join(".");
}

/** The first unit of the last of the nets, which normalizes. */
export function firstChoice({ arms }: PageUnits): UnitChoice {
  return { arm: arms.length - 1, layer: 0, unit: 0 };
}
