import type { VegaSpec } from "./spec.js";

/**
 * Starts the name of a line whose rows break it themselves wherever x or y changes. Vega-Lite makes a group for each x and
 * y with offsets, and Vega a dataflow for each group: without them the picture is the same in half the time.
 */
export const BROKEN_LINE = "broken_";

interface PathGroup {
  readonly name?: string;
  readonly from?: { readonly facet?: { readonly groupby?: readonly string[] } };
  readonly marks?: readonly { readonly encode?: { readonly update?: Readonly<Record<string, { field?: unknown }>> } }[];
}

/** The compiled spec with broken lines of one arm as one mark. */
export function joinedLines(spec: VegaSpec): VegaSpec {
  const marks = (spec["marks"] ?? []) as readonly PathGroup[];
  return {
    ...spec,
    marks: marks.map((mark) => {
      const facet = mark.from?.facet;
      if (facet === undefined || !mark.name?.startsWith(BROKEN_LINE)) return mark;
      const { x, y } = mark.marks?.[0]?.encode?.update ?? {};
      const groupby = facet.groupby?.filter((field) => field !== x?.field && field !== y?.field);
      return { ...mark, from: { facet: { ...facet, groupby } } };
    }),
  };
}
