import { compile, type TopLevelSpec } from "vega-lite";
import type { DataSets } from "./data-sets.js";
import { themeConfig } from "./theme.js";

/** A Vega spec whose data sets and parameters can be given values. */
export interface VegaSpec {
  readonly data?: readonly { readonly name: string; readonly values?: unknown }[];
  readonly signals?: readonly { readonly name: string; readonly value?: unknown }[];
  readonly [key: string]: unknown;
}

type Logger = NonNullable<Parameters<typeof compile>[1]>["logger"];

/** What was compiled, by the spec without its parameters' values: pictures of one chart are alike in the rest. */
const known = new Map<string, VegaSpec>();

/** Compiles a spec that has neither rows nor a title; its own parameters' values come along. */
export function compileSpec(spec: TopLevelSpec, logger?: Logger): VegaSpec {
  const params = (spec.params ?? []) as readonly { readonly name: string; readonly value?: unknown }[];
  const key = JSON.stringify({ ...spec, params: params.map(({ value: _, ...rest }) => rest) });
  const compiled =
    known.get(key) ??
    (compile(spec, { config: themeConfig, ...(logger === undefined ? {} : { logger }) }).spec as unknown as VegaSpec);
  known.set(key, compiled);
  const values = new Map(params.map(({ name, value }) => [name, value]));
  const signals = compiled.signals?.map((signal) =>
    values.has(signal.name) ? { ...signal, value: values.get(signal.name) } : signal,
  );
  return signals === undefined ? compiled : { ...compiled, signals };
}

/** The same with rows in its data sets. */
export function withRows(compiled: VegaSpec, sets: DataSets): VegaSpec {
  const data = compiled.data?.map((source) =>
    Object.hasOwn(sets, source.name) ? { ...source, values: sets[source.name] } : source,
  );
  return data === undefined ? compiled : { ...compiled, data };
}

/** A spec that stands alone: with its rows and the theme in it. */
export function inlined(spec: TopLevelSpec, sets: DataSets, title: object): object {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title,
    ...spec,
    config: themeConfig,
    datasets: sets,
  };
}
