import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { compile, TopLevelSpec } from "vega-lite";
import { joinedLines } from "./broken-lines.js";
import type { DataSets } from "./data-sets.js";
import type { Spec, VegaSpec } from "./spec.js";
import { themeConfig } from "./theme.js";

type Logger = NonNullable<Parameters<typeof compile>[1]>["logger"];

/** What was compiled, by the hash of the spec without its values: pictures of one chart are alike in the rest. */
const known = new Map<string, VegaSpec>();

/**
 * Compiles a spec that has neither rows nor a title; the values of its own parameters and small data sets come along. Only
 * a fresh compilation tells what Vega-Lite warns of.
 */
export async function compileSpec(spec: Spec, logger?: Logger, isFresh = false): Promise<VegaSpec> {
  const { text, params, rows } = withoutValues(spec);
  // Specs of about the same length are alike: side by side in the package they take half the place.
  const key = `${String(text.length).padStart(5, "0")}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
  const compiled = (isFresh ? undefined : (known.get(key) ?? compiledBefore(key))) ?? (await fresh(spec, logger));
  known.set(key, compiled);
  const { data, signals } = compiled;
  return {
    ...compiled,
    ...(data === undefined ? {} : { data: data.map((source) => valued(source, "values", rows)) }),
    ...(signals === undefined ? {} : { signals: signals.map((signal) => valued(signal, "value", params)) }),
  };
}

/** Everything that was compiled in this process or taken from the build. @public `npm run build` keeps it. */
export function compiledSpecs(): ReadonlyMap<string, VegaSpec> {
  return known;
}

/** A spec as `npm run build` compiled it, by its hash: half of the time that a picture takes is Vega-Lite's. */
function compiledBefore(key: string): VegaSpec | undefined {
  let text: string;
  try {
    // The same from src and from dist.
    text = readFileSync(new URL(`../../dist/charts/compiled/${key}.json`, import.meta.url), "utf8");
  } catch {
    return undefined;
  }
  return JSON.parse(text) as VegaSpec;
}

/** Vega-Lite is loaded for specs that the build has not compiled: that takes as long as to draw all charts of a run. */
async function fresh(spec: Spec, logger: Logger): Promise<VegaSpec> {
  const { compile } = await import("vega-lite");
  const options = { config: themeConfig, ...(logger === undefined ? {} : { logger }) };
  return joinedLines(compile(spec as unknown as TopLevelSpec, options).spec as unknown as VegaSpec);
}

/** The text of all that decides how a spec is compiled, and the values that are put in afterwards, by their names. */
function withoutValues(spec: Spec) {
  const params = new Map<string, unknown>();
  const rows = new Map<string, unknown>();
  const stripped = (spec.params ?? []).map(({ value, ...rest }) => {
    params.set(rest.name, value);
    return rest;
  });
  const text = JSON.stringify([themeConfig, { ...spec, params: stripped }], (key, part: unknown) => {
    if (key !== "data" || !isNamedRows(part)) return part;
    rows.set(part.name, part.values);
    return { name: part.name };
  });
  return { text, params, rows };
}

function isNamedRows(part: unknown): part is { readonly name: string; readonly values: unknown } {
  return typeof part === "object" && part !== null && "name" in part && "values" in part;
}

function valued<Part extends { readonly name: string }>(
  part: Part,
  key: "value" | "values",
  values: ReadonlyMap<string, unknown>,
): Part {
  return values.has(part.name) ? { ...part, [key]: values.get(part.name) } : part;
}

/** The same with rows in its data sets. */
export function withRows(compiled: VegaSpec, sets: DataSets): VegaSpec {
  const data = compiled.data?.map((source) =>
    Object.hasOwn(sets, source.name) ? { ...source, values: sets[source.name] } : source,
  );
  return data === undefined ? compiled : { ...compiled, data };
}
