import type { Drawing, Row } from "../charts/compile.js";

/** The values of every layer that has some, in the order drawn. */
export function tablesOf({ layer }: Drawing): (readonly Row[])[] {
  return layer.flatMap(({ data }) => (data?.values === undefined ? [] : [data.values]));
}

/** Around a drawing on a phone, px. */
export const NARROW_PADDING = 5;

/** A rectangle, px from the upper left corner of the plot. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** The panels of a scene: its empty frames. */
export function panelsOf(drawing: Drawing): Area[] {
  return rowsWith(drawing, ["x", "x2", "y", "y2", "fill"]).filter(({ fill }) => fill === null) as unknown as Area[];
}

/** The rows of the first table that has all these keys; none where there is no such table. */
export function rowsWith(drawing: Drawing, keys: readonly string[]): readonly Row[] {
  return tablesOf(drawing).find(([first]) => first !== undefined && keys.every((key) => key in first)) ?? [];
}
