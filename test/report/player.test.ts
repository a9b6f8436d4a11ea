import { describe, expect, test } from "vitest";
import { dataSource } from "../../src/charts/data-sets.js";
import { layerPanels, panelsOf } from "../../src/charts/layers/extents.js";
import { panelParams } from "../../src/charts/layers/spec.js";
import { alone } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";
import { framesOf } from "../../src/report/browser/player-frames.js";
import { payloadOf } from "../../src/report/interactive.js";
import { type Payload, packed } from "../../src/report/payload.js";
import { playerOf } from "../../src/report/player.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";

async function payload(result: Result, mostRows?: number): Promise<Payload | undefined> {
  const player = playerOf("layers", result, dataSource(alone(result)), mostRows);
  return player === undefined ? undefined : await payloadOf([], [player]);
}

async function playing(result: Result, mostRows?: number) {
  const { players, tables = [] } = (await payload(result, mostRows)) ?? {};
  const player = players?.["layers"];
  if (player === undefined) throw new Error("no player");
  return {
    player,
    frames: framesOf(player, tables),
    labels: player.quantities[0]?.arms.map(({ label }) => label) ?? [],
  };
}

describe("the player of the layers", () => {
  test.each(["plain diverged", "trained", "inputs of another scale", "thirty layers, twelve records"])(
    "draws at each update what the picture of all updates draws: %s",
    async (name) => {
      const result = cases[name] as Result;
      const source = dataSource(alone(result));
      const { player, frames, labels } = await playing(result);
      const { histograms = [], tails = [] } = playerOf("layers", result, source)?.at.wide.sets ?? {};
      let compared = 0;
      for (const { quantity, arms } of player.quantities) {
        const panels = layerPanels(result, quantity);
        expect(player.updates).toEqual(expect.arrayContaining([...panels.updates]));
        const { shownUpdates: _, ...own } = panelParams(
          panelsOf(arms.slice(0, 2), player.updates, player.updates, player.layers),
          quantity,
        );
        const { shownUpdates: __, ...still } = panelParams(panels, quantity);
        // A player's scale holds all records, a picture's those that it draws.
        const axes = ({ arms, colors, inks, ends, layers, lows, highs }: typeof own) => ({
          arms,
          colors,
          inks,
          ends,
          layers,
          lows,
          highs,
        });
        expect(axes(own)).toEqual(axes(still));
        if (panels.updates.length === player.updates.length) expect(own).toEqual(still);
        for (const update of panels.updates) {
          const frame = frames(player.updates.indexOf(update), quantity, labels.slice(0, 2));
          const there = histograms.filter(
            (row) =>
              row["updates"] === update &&
              row["quantity"] === quantity &&
              labels.slice(0, 2).includes(String(row["arm"])),
          );
          expect(frame.histograms.map(({ note: _, ...row }) => row)).toEqual(
            there.map(({ arm, updates, layer_name, quantity, low, high, count, total }) => ({
              arm,
              updates,
              layer_name,
              quantity,
              low: six(low),
              high: six(high),
              count,
              total,
            })),
          );
          const beyond = tails.filter(
            (row) =>
              row["updates"] === update &&
              row["quantity"] === quantity &&
              labels.slice(0, 2).includes(String(row["arm"])),
          );
          expect(frame.tails.filter(({ side }) => side !== "absent").map(({ count }) => count)).toEqual(
            beyond.map(({ count }) => count),
          );
          compared += frame.histograms.length;
        }
      }
      expect(compared).toBeGreaterThan(500);
    },
  );

  test("says something about every layer of both arms", async () => {
    const { player, frames, labels } = await playing(makeResult({ plainDivergesAt: 1 }));
    const last = player.updates.length - 1;
    const notes = frames(last, "preActivation", labels).tails.map(({ arm, note }) => `${arm}: ${note}`);
    expect(notes).toEqual(
      expect.arrayContaining(["plain: diverged at update 1", expect.stringMatching(/^bn: healthy, .*mean /)]),
    );
    expect(player.quantities[0]?.arms[1]?.captions[last]).toMatch(/^at update \d+ /);
  });

  test("has bars on their way between two updates, and at none", async () => {
    const { frames, labels } = await playing(makeResult());
    const counts = (place: number) =>
      frames(place, "preActivation", labels).histograms.map(({ count }) => Number(count));
    const [before, between, after] = [counts(0), counts(0.5), counts(1)];
    expect(before).not.toEqual(after);
    expect(between).toEqual(before.map((count, bin) => (count + (after[bin] ?? 0)) / 2));
  });

  test("jumps where an arm has no record on one side", async () => {
    const { player, frames, labels } = await playing(makeResult({ plainDivergesAt: 1 }));
    const frame = frames(player.updates.length - 1.5, "preActivation", labels);
    expect(frame.tails).toEqual(
      expect.arrayContaining([expect.objectContaining({ arm: "plain", side: "absent", note: "diverged at update 1" })]),
    );
    for (const { count, total } of frame.histograms)
      expect(Number.isFinite(count) && Number.isFinite(total)).toBe(true);
    expect(frame.histograms.some(({ arm }) => arm === "plain")).toBe(false);
  });

  test("is not there for one record, and thins many with the divergence kept", async () => {
    expect(await payload(makeResult({ updates: 0 }))).toBeUndefined();
    const long = makeResult({ hiddenLayers: 5, updates: 200, histogramEvery: 1, plainDivergesAt: 113 });
    const { player, frames, labels } = await playing(long, 80_000);
    expect(player.updates.length).toBeLessThan(180);
    expect(player.updates.length).toBeGreaterThanOrEqual(12);
    expect(player.recorded).toBe(201);
    expect(player.updates).toEqual(expect.arrayContaining([0, 113, 200]));
    for (const { arms } of player.quantities)
      for (const { captions } of arms) expect(captions).toHaveLength(player.updates.length);
    for (const [place, update] of player.updates.entries())
      expect(frames(place, "layerInput", ["bn"]).histograms[0]?.["updates"]).toBe(update);
    expect(labels).toEqual(["plain", "bn"]);
    const whole = await payload(long, 1e9);
    if (whole === undefined) throw new Error("no payload");
    expect(whole.players["layers"]?.updates).toHaveLength(201);
    expect((await payload(long))?.players["layers"]?.updates.length).toBeLessThan(201);
    expect(packed((await payload(long)) ?? whole).length).toBeLessThan(packed(whole).length / 2);
  });
});

function six(value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}
