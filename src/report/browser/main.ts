/*!
 * Contains Vega (https://vega.github.io), Copyright (c) 2015-2025, University of Washington Interactive Data Lab, and
 * vega-interpreter, Copyright (c) 2020, University of Washington Interactive Data Lab; BSD-3-Clause: redistribution and
 * use in source and binary forms, with or without modification, are permitted provided that the copyright notice, this
 * list of conditions and the following disclaimer are retained or reproduced; neither the name of the copyright holder
 * nor the names of its contributors may be used to endorse or promote products derived from this software without
 * specific prior written permission. This software is provided by the copyright holders and contributors "as is" and any
 * express or implied warranties are disclaimed; in no event shall they be liable for any damages arising in any way out
 * of its use. Contains D3 (https://d3js.org), Copyright 2010-2024 Mike Bostock; ISC: permission to use, copy, modify,
 * and/or distribute this software for any purpose with or without fee is hereby granted, provided that the copyright
 * notice and this permission notice appear in all copies; the software is provided "as is" without any warranty.
 */
import { type Payload, unpacked } from "../payload.js";
import { makeChartView, type Shared } from "./chart-view.js";
import { choice } from "./controls.js";
import { showFilm } from "./film-view.js";
import { makeLayerLink } from "./layer-link.js";
import { makeTooltip } from "./tooltip.js";

/** How far below the window a chart is made ready, px. */
const AHEAD = 600;

const source = document.getElementById("payload")?.textContent;
if (source !== undefined && source !== null) start(JSON.parse(source) as Payload);

function start(payload: Payload): void {
  document.documentElement.classList.add("js");
  const shared: Shared = { tooltip: makeTooltip(), link: makeLayerLink() };
  const filled = <Spec extends object>(spec: Spec) => withTables(spec, payload);
  for (const [id, { label, variants, spots }] of Object.entries(payload.charts)) {
    const figure = document.getElementById(`chart-${id}`);
    const canvas = figure?.querySelector<HTMLElement>(".canvas");
    if (figure === null || canvas === null || canvas === undefined) continue;
    whenNear(figure, async () => {
      const chart = makeChartView(canvas, label, spots, shared);
      const draw = (place: number) => chart.draw(filled(variants[place]?.spec ?? {}));
      await draw(0);
      if (variants.length < 2) return;
      const names = variants.map(({ name }) => name);
      const controls = document.createElement("div");
      controls.className = "controls";
      controls.append(choice("Scale of the cost", names, (place) => void draw(place)));
      canvas.before(controls);
    });
  }
  for (const [id, film] of Object.entries(payload.films)) {
    const part = document.getElementById(`film-${id}`);
    if (part === null) continue;
    whenNear(part, () => showFilm({ ...film, spec: filled(film.spec) }, part, shared));
  }
}

/** A spec with the rows in place of their tables' numbers. */
function withTables<Spec extends object>(spec: Spec, { tables }: Payload): Spec {
  const { data } = spec as { readonly data?: readonly { readonly values?: unknown }[] };
  const filled = (data ?? []).map((source) => {
    const table = typeof source.values === "number" ? tables[source.values] : undefined;
    return table === undefined ? source : { ...source, values: unpacked(table) };
  });
  return { ...spec, data: filled };
}

function whenNear(element: Element, then: () => Promise<void>): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void then();
    },
    { rootMargin: `${AHEAD}px 0px` },
  );
  observer.observe(element);
}
