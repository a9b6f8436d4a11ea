import { fileURLToPath } from "node:url";

const UNUSED = ["crossfilter", "force", "geo", "hierarchy", "label", "regression", "voronoi", "wordcloud"];
const nothing = fileURLToPath(new URL("nothing.ts", import.meta.url));

/** Parts of Vega that no chart of ours uses, for esbuild to leave out. */
export const unusedInVega = Object.fromEntries(UNUSED.map((name) => [`vega-${name}`, nothing]));
