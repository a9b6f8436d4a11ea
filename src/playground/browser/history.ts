import type { Cost } from "../session.js";

/** Costs that are kept of an arm: more than a plot has pixels are not seen. */
const MOST = 1000;

/** The costs of an arm in the order of updates, evenly thinned when they become many. */
export interface History {
  readonly costs: readonly Cost[];
  readonly add: (cost: Cost) => void;
  readonly forgetAfter: (update: number) => void;
}

export function makeHistory(): History {
  let costs: Cost[] = [];
  let spacing = 1;
  return {
    get costs() {
      return costs;
    },
    add({ update, train, inference }) {
      const place = costs.findLastIndex((cost) => cost.update < update) + 1;
      costs.splice(place, costs[place]?.update === update ? 1 : 0, { update, train, inference });
      if (costs.length <= MOST) return;
      spacing *= 2;
      costs = costs.filter((cost, at) => cost.update % spacing === 0 || at === costs.length - 1);
    },
    forgetAfter(update) {
      costs = costs.filter((cost) => cost.update <= update);
    },
  };
}
