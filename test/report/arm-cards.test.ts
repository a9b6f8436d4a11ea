import { describe, expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { armCards } from "../../src/report/arm-cards.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";

/** What stands on each card, and below them. */
function cardsOf(result: Result) {
  const markup = armCards(result)?.text ?? "";
  const text = (part: string) =>
    part
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  return {
    cards: markup
      .split('<li class="card')
      .slice(1)
      .map((card) => text(`<li${card.split("</li>")[0]}`)),
    below: text(markup.split("</ul>")[1] ?? ""),
  };
}

/** The bn arm's final costs, one a seed; the first is the run's own. */
function withFinals(costs: readonly (readonly [train: number, inference: number | "Infinity"] | "diverged")[]): Result {
  const result = makeResult({ seeds: costs.length });
  const lost = makeResult({ bnDivergesAt: 3 }).arms["bn"];
  for (const [place, cost] of costs.entries()) {
    const arm = result.seeds[place]?.arms["bn"];
    if (arm?.status !== "trained" || lost?.status !== "diverged") throw new Error("the fixture's arm is trained");
    if (cost === "diverged") {
      const { divergence } = lost;
      Object.assign(result.seeds[place]?.arms ?? {}, { bn: { status: "diverged", costs: arm.costs, divergence } });
    } else Object.assign(arm, { final: { train: cost[0], inference: cost[1] } });
  }
  return result;
}

describe("the cards at the top", () => {
  test("of one seed say how each arm ended", () => {
    const result = makeResult({ plainDivergesAt: 4 });
    Object.assign(result.arms["bn"] ?? {}, { final: { train: 87.25, inference: 91 } });
    const { cards, below } = cardsOf(result);
    expect(cards).toEqual(["plain diverged at update 4", "bn 91 final cost in inference mode; 87.3 in training mode"]);
    expect(below).toMatch(/^Mean squared errors\. For comparison, predicting the mean \d+ and the noise alone 64\.$/);
  });

  test("of several seeds show medians, not the first one", () => {
    const { cards, below } = cardsOf(
      withFinals([
        [500, 510],
        [70, 90],
        [80, 95],
      ]),
    );
    expect(cards[1]).toBe("bn 95 median final cost in inference mode (90–510); 80 in training mode");
    expect(below).toMatch(/^Mean squared errors, medians over 3 seeds \(a dot for each, on a log scale\)\./);
  });

  test("have a dot for each seed, on one scale for all", () => {
    const dots = (result: Result) => {
      const [, plain = "", bn = ""] = (armCards(result)?.text ?? "").split('<li class="card');
      return [plain, bn].map((card) => [...card.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x)));
    };
    const result = withFinals([
      [1, 10],
      [1, 100],
      [1, "Infinity"],
    ]);
    for (const { arms } of result.seeds)
      Object.assign(arms["plain"] ?? {}, { final: { train: 1000, inference: 1000 } });
    // 10, 100 and 1000 on a log scale from 4 to 196 px.
    expect(dots(result)).toEqual([
      [196, 196, 196],
      [4, 100],
    ]);
    expect(dots(makeResult())).toEqual([[], []]);
  });

  test("count what has no cost beside the median of the rest", () => {
    const { cards } = cardsOf(withFinals(["diverged", [70, 90], [80, "Infinity"], [90, 100], [75, 75]]));
    expect(cards[1]).toBe(
      "bn 90 median final cost in inference mode (75–100); 77.5 in training mode; 1 of 5 seeds diverged; 1 seed without a finite cost in inference mode",
    );
    expect(cardsOf(withFinals(["diverged", "diverged"])).cards[1]).toBe("bn diverged in all 2 seeds");
  });

  test("are left out where they would not stand side by side", () => {
    expect(armCards(cases["controls"] as Result)).toBeUndefined();
  });
});
