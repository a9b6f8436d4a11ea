import { startTables, type Tables } from "./interactive.js";
import type { Film, InteractiveChart, Payload } from "./payload.js";

/** Gathers what the page's script is given, as far as there is room; what does not fit stays as it was drawn. */
export interface Collector {
  readonly addChart: (id: string, make: (tables: Tables) => InteractiveChart | undefined) => void;
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
  const add = <Part>(into: Record<string, Part>, id: string, make: (tables: Tables) => Part | undefined) => {
    if (left <= 0) return;
    const before = tables.packed.length;
    const part = make(tables);
    const length = JSON.stringify([part, tables.packed.slice(before)]).length;
    if (part === undefined || length > left) {
      tables.keep(before);
      return;
    }
    left -= length;
    into[id] = part;
  };
  return {
    addChart: (id, make) => add(charts, id, make),
    addFilm: (id, make) => add(films, id, make),
    collected: () =>
      Object.keys(charts).length + Object.keys(films).length === 0
        ? undefined
        : { tables: tables.packed, charts, films },
  };
}
