import { startTables, type Tables } from "./interactive.js";
import type { Film, InteractiveChart, Payload, VegaSpec } from "./payload.js";

/** Gathers what the page's script is given, as far as there is room; what does not fit stays as it was drawn. */
export interface Collector {
  readonly addChart: (id: string, make: (tables: Tables) => InteractiveChart | undefined) => void;
  /** A chart that is there as a phone shows it, in the order of its variants. */
  readonly addNarrow: (id: string, make: (tables: Tables, spots: number) => readonly VegaSpec[] | undefined) => void;
  readonly addFilm: (id: string, make: (tables: Tables) => Film | undefined) => void;
  /** Undefined where there is nothing. */
  readonly collected: () => Payload | undefined;
}

/** `room` in characters of JSON. */
export function collectWithin(room: number): Collector {
  const tables = startTables();
  const charts: Record<string, InteractiveChart> = {};
  const films: Record<string, Film> = {};
  let left = room;
  const fitting = <Part>(make: (tables: Tables) => Part | undefined): Part | undefined => {
    if (left <= 0) return undefined;
    const before = tables.packed.length;
    const part = make(tables);
    const length = JSON.stringify([part, tables.packed.slice(before)]).length;
    if (part !== undefined && length <= left) {
      left -= length;
      return part;
    }
    tables.keep(before);
    return undefined;
  };
  return {
    addChart: (id, make) => {
      const chart = fitting(make);
      if (chart !== undefined) charts[id] = chart;
    },
    addNarrow: (id, make) => {
      const chart = charts[id];
      const specs = chart === undefined ? undefined : fitting((tables) => make(tables, chart.spots.length));
      if (chart === undefined || specs?.length !== chart.variants.length) return;
      const variants = chart.variants.map((variant, place) => ({ ...variant, narrow: specs[place] ?? variant.spec }));
      charts[id] = { ...chart, variants };
    },
    addFilm: (id, make) => {
      const film = fitting(make);
      if (film !== undefined) films[id] = film;
    },
    collected: () =>
      Object.keys(charts).length + Object.keys(films).length === 0
        ? undefined
        : { tables: tables.packed, charts, films },
  };
}
