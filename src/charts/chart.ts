import type { Row, Table } from "../tables/table.js";
import type { Runs } from "./runs.js";
import type { Spec } from "./spec.js";

/** Where a chart is drawn: in a file or on a page with room for it, or on a phone. */
export type Viewport = "wide" | "narrow";

/** What may be asked of a chart besides its record. */
export interface View {
  readonly viewport: Viewport;
  /** Whether it is drawn by a page's script, which shows tooltips and highlights. */
  readonly interactive?: boolean;
  /** Of costs. */
  readonly scale?: "log" | "linear";
}

export interface Caption {
  /** For screen readers: what a person sees in the picture. */
  readonly description: string;
  /** What the axes do not say: how to read it, and what is left out. */
  readonly notes: readonly string[];
}

/** A picture of a record, or of several to compare, as fields of their tables. */
export interface Chart {
  /** Names its files and its place on a page. */
  readonly name: string;
  readonly title: (runs: Runs) => string;
  /** What it shows, in a few words, for lists. */
  readonly subject: string;
  /** The spec names them as its data sets. */
  readonly tables: readonly Table[];
  /** Which of their rows it draws, where that is not all: so that its files hold no others. */
  readonly keeps?: (row: Row) => boolean;
  /** A Vega-Lite spec without rows and without a title; undefined where the runs have nothing for one picture. */
  readonly spec: (runs: Runs, view: View) => Spec | undefined;
  readonly caption: (runs: Runs) => Caption;
  /** Whether it shows all seeds, or the first one's nets. */
  readonly scope: "first seed" | "every seed";
}
