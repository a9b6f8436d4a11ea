import type { Row, Table } from "../tables/table.js";
import type { Runs } from "./runs.js";
import type { Spec } from "./spec.js";

/** Where a chart is drawn: in a file or on a wide page, or on a phone. */
export type Viewport = "wide" | "narrow";

/** How a chart is drawn, besides its record. */
export interface View {
  readonly viewport: Viewport;
  /** Whether a page's script draws it, with tooltips and highlights. */
  readonly interactive?: boolean;
  /** Of costs. */
  readonly scale?: "log" | "linear";
}

export interface Caption {
  /** For screen readers: what the picture shows. */
  readonly description: string;
  /** What the axes do not say: how to read it, and what is left out. */
  readonly notes: readonly string[];
}

/** A chart of one record, or of several to compare, which encodes fields of their tables. */
export interface Chart {
  /** Names its files and its place on a page. */
  readonly name: string;
  readonly title: (runs: Runs) => string;
  /** What it shows, in a few words, for lists of charts. */
  readonly subject: string;
  /** The tables that the spec uses as its data sets, by name. */
  readonly tables: readonly Table[];
  /** Which of their rows it draws, if not all, so that its files contain no others. */
  readonly keeps?: (row: Row) => boolean;
  /** A Vega-Lite spec without rows and without a title; undefined if the runs have no common picture. */
  readonly spec: (runs: Runs, view: View) => Spec | undefined;
  readonly caption: (runs: Runs) => Caption;
  /** Whether it shows all seeds, or only the nets of the first one. */
  readonly scope: "first seed" | "every seed";
}
