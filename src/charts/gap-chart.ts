import type { Result } from "../experiment/result.js";
import { type GapArm, gapArms, MOMENTS, type Moment, PARTS, type Part, SMALLEST_GAP } from "./gap-series.js";
import { legend } from "./legend.js";
import { flattens, type LogScale, logScale } from "./log-scale.js";
import { headingHeight, headingLabels, panelHeading } from "./panel-heading.js";
import { joinScenes, label, type Place, rule, type Scene, sceneSpec, wrapPanels } from "./scene.js";
import { type Chart, FRAME, GRID, INK, NARROW_WIDTH, type Room } from "./theme.js";
import { roundNumbers, spacedTicks } from "./ticks.js";
import { titleBlock } from "./title.js";
import { activationText, countText, lastUpdate, numberText, runText } from "./wording.js";

/** Of the whole drawing, px. */
const WIDTHS: Readonly<Record<Room, number>> = { wide: 1168, narrow: NARROW_WIDTH };
/** Left of each panel, for its axis. */
const LEFT = 46;
const COST_HEIGHT = 150;
const GAP_HEIGHT = 140;
/** Above each of an arm's panels, for what it shows. */
const CAPTION = 20;
const FOOT = 38;
const SPACE: Place = { x: 24, y: 16 };
const TEXT = 10;
/** Inside each panel at both sides, px. */
const MARGIN = 6;

interface Look {
  readonly text: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly width: number;
}

const MODES: Readonly<Record<"train" | "inference", Look>> = {
  train: { text: "cost, batch statistics", color: "#0072B2", dash: [], width: 2 },
  inference: { text: "cost, moving averages", color: "#0072B2", dash: [5, 4], width: 2 },
};

const PART_LOOKS: Readonly<Record<Part, Look & { readonly shape: string }>> = {
  total: { text: "gap, total", color: INK, dash: [], width: 2.4, shape: "circle" },
  startUp: { text: "initialization bias", color: "#E69F00", dash: [6, 3], width: 1.6, shape: "square" },
  lag: { text: "lag", color: "#CC79A7", dash: [2, 2], width: 1.6, shape: "triangle-up" },
  noise: { text: "batch noise", color: "#009E73", dash: [9, 3, 2, 3], width: 1.6, shape: "diamond" },
  rounding: { text: "rounding", color: "#D55E00", dash: [4, 2, 1, 2, 1, 2], width: 1.6, shape: "cross" },
};

const CAPTIONS: Readonly<Record<Moment, string>> = {
  mean: "gap of the means, in standard deviations",
  variance: "gap of the variances, as a share of the variance",
};

/** What the moving averages cost, and how far they are from the training set's statistics; nothing where no arm has any. */
export function gapChart(result: Result, room: Room = "wide"): Chart | undefined {
  const arms = gapArms(result);
  if (arms.length === 0) return undefined;
  const isShared = !flattens(arms.map(costsOf));
  const panelWidth = room === "narrow" ? NARROW_WIDTH - LEFT : panelWidthFor(arms.length);
  const head = headingHeight(arms.map((arm) => panelHeading(arm.label, arm.divergedAt, panelWidth)));
  const bodies = 3 * CAPTION + COST_HEIGHT + 2 * (GAP_HEIGHT + SPACE.y);
  const layout = wrapPanels(arms.length, LEFT + panelWidth, head + bodies + FOOT, WIDTHS[room], SPACE);
  const title = `Training against inference mode — ${activationText(result)}`;
  const notes = [reading(isShared), omissions(arms)];
  const block = titleBlock(title, [...notes, runText(result)], Math.max(layout.width, 760));
  const drawn = PARTS.filter((part) =>
    arms.some(({ gaps }) => MOMENTS.some((moment) => gaps[moment][part].length > 0)),
  );
  const key = legend(
    [MODES.train, MODES.inference, ...drawn.map((part) => PART_LOOKS[part])].map(entry),
    { x: 0, y: 0 },
    layout.width,
  );
  const shared = scalesFor(arms);
  const updates = Math.max(1, lastUpdate(result));
  const scenes = arms.map((arm, place) => {
    const at = layout.places[place] ?? { x: 0, y: 0 };
    const corner = { x: LEFT + at.x, y: key.height + SPACE.y + at.y + head };
    return armScene(arm, corner, panelWidth, updates, isShared ? shared : { ...shared, cost: scalesFor([arm]).cost });
  });
  return {
    title,
    description: describe(arms),
    notes,
    spec: sceneSpec(joinScenes([...key.scenes, ...scenes]), {
      title: block,
      width: layout.width,
      height: key.height + SPACE.y + layout.height,
    }),
  };
}

/** One, two or three in a row. */
function panelWidthFor(arms: number): number {
  return arms === 1 ? 1000 : arms === 2 ? 500 : 324;
}

interface Scales {
  readonly cost: LogScale;
  readonly mean: LogScale;
  readonly variance: LogScale;
}

function scalesFor(arms: readonly GapArm[]): Scales {
  const gaps = (moment: Moment) =>
    arms.flatMap((arm) => PARTS.flatMap((part) => arm.gaps[moment][part].flatMap((run) => run.map(({ gap }) => gap))));
  return {
    cost: logScale(arms.flatMap(costsOf), COST_HEIGHT, 0, 6),
    mean: logScale(gaps("mean"), GAP_HEIGHT, 0, 5),
    variance: logScale(gaps("variance"), GAP_HEIGHT, 0, 5),
  };
}

function costsOf({ costs }: GapArm): number[] {
  return [...costs.train, ...costs.inference].map(({ cost }) => cost);
}

/** Where an update stands in a panel, px: symbols at both ends have room in it. */
export function gapX({ x, x2 }: { readonly x: number; readonly x2: number }, update: number, last: number): number {
  return x + MARGIN + (update / last) * (x2 - x - 2 * MARGIN);
}

function armScene(arm: GapArm, { x, y }: Place, width: number, updates: number, scales: Scales): Scene {
  const updateX = (update: number) => gapX({ x, x2: x + width }, update, updates);
  const costTop = y + CAPTION;
  const costLines = (["train", "inference"] as const).map((mode) => ({
    ...MODES[mode],
    points: arm.costs[mode].map(({ update, cost }) => ({ x: updateX(update), y: costTop + scales.cost.pixel(cost) })),
  }));
  const endOf = (top: number, height: number): Partial<Scene> => {
    if (arm.divergedAt === undefined) return {};
    const end = updateX(arm.divergedAt);
    return { lines: [rule({ x: end, y: top }, { x: end, y: top + height }, INK, 1.5)] };
  };
  const costs = frame(
    { x, y: costTop },
    width,
    COST_HEIGHT,
    scales.cost,
    "cost (mean squared error)",
    hasPoints(costLines),
  );
  const gaps = MOMENTS.map((moment, place) => {
    const top = costTop + COST_HEIGHT + SPACE.y + CAPTION + place * (GAP_HEIGHT + SPACE.y + CAPTION);
    const lines = PARTS.flatMap((part) =>
      arm.gaps[moment][part].map((run) => ({
        ...PART_LOOKS[part],
        points: run.map(({ update, gap }) => ({ x: updateX(update), y: top + scales[moment].pixel(gap) })),
      })),
    );
    const marks = lines.flatMap(({ points, shape, color }) =>
      // Many records would make a chain of symbols; then dashes and colours tell the parts apart.
      arm.records > 12 && points.length > 1 ? [] : points.map((point) => ({ ...point, shape, color, size: 34 })),
    );
    const framed = frame({ x, y: top }, width, GAP_HEIGHT, scales[moment], CAPTIONS[moment], hasPoints(lines));
    return joinScenes([framed, { lines, marks }, endOf(top, GAP_HEIGHT)]);
  });
  const bottom = y + 3 * CAPTION + COST_HEIGHT + 2 * (GAP_HEIGHT + SPACE.y);
  return joinScenes([
    { labels: headingLabels(panelHeading(arm.label, arm.divergedAt, width), { x, y }) },
    costs,
    { lines: costLines, marks: costLines.flatMap(({ points, color }) => loneMark(points, color)) },
    endOf(costTop, COST_HEIGHT),
    ...gaps,
    updateAxis(updates, updateX, x + width / 2, bottom),
  ]);
}

/** A line needs two points. */
function loneMark(points: readonly Place[], color: string) {
  const [only, ...others] = points;
  return only === undefined || others.length > 0 ? [] : [{ ...only, color, shape: "circle", size: 34 }];
}

function hasPoints(lines: readonly { points: readonly Place[] }[]): boolean {
  return lines.some(({ points }) => points.length > 0);
}

/** A panel's frame, caption, and log axis; without anything in it, a word that says so. */
function frame(
  { x, y }: Place,
  width: number,
  height: number,
  scale: LogScale,
  caption: string,
  isFilled: boolean,
): Scene {
  const ticks = isFilled ? scale.ticks : [];
  const middle = label("nothing to draw", x + width / 2, y + height / 2, { align: "center", size: TEXT });
  return joinScenes([
    { boxes: [{ x, y, x2: x + width, y2: y + height, fill: null, stroke: FRAME }] },
    {
      lines: ticks.map((tick) =>
        rule({ x, y: y + scale.pixel(tick) }, { x: x + width, y: y + scale.pixel(tick) }, GRID),
      ),
    },
    { labels: [label(caption, x, y - CAPTION / 2 + 1, { size: 11 }), ...(isFilled ? [] : [middle])] },
    {
      labels: ticks.map((tick) =>
        label(numberText(tick), x - 6, y + scale.pixel(tick), { align: "right", size: TEXT }),
      ),
    },
  ]);
}

function updateAxis(updates: number, updateX: (update: number) => number, middle: number, bottom: number): Scene {
  const ticks = spacedTicks(
    roundNumbers(updates, 6).map((update) => ({ at: updateX(update), text: countText(update) })),
    TEXT,
  );
  const foot = { align: "center", size: TEXT } as const;
  return joinScenes([
    { lines: ticks.map(({ at }) => rule({ x: at, y: bottom }, { x: at, y: bottom + 4 }, FRAME)) },
    {
      labels: [
        ...ticks.map(({ at, text }) => label(text, at, bottom + 11, foot)),
        label("update", middle, bottom + 25, foot),
      ],
    },
  ]);
}

function entry(look: Look & { readonly shape?: string }) {
  const { text, color, dash, width, shape } = look;
  return {
    text,
    width: 34,
    draw: ({ x, y }: Place) => ({
      lines: [rule({ x, y }, { x: x + 34, y }, color, width, dash)],
      marks: shape === undefined ? [] : [{ x: x + 17, y, shape, color, size: 34 }],
    }),
  };
}

function reading(isShared: boolean): string {
  const scales = isShared
    ? ""
    : " Each arm's costs have a scale of their own: on a common one at least one would lie flat.";
  return `Gap: moving averages minus the whole training set's statistics under the current weights, root mean square over the features; each line shows the layer where that part is largest. Initialization bias: the weight that zero still has; lag: the weights moved since; batch noise: batches are not the whole set; rounding: of the averages themselves. All scales are logarithmic.${scales}`;
}

function omissions(arms: readonly GapArm[]): string {
  const total = (kind: keyof GapArm["leftOut"]) => arms.reduce((sum, { leftOut }) => sum + leftOut[kind], 0);
  const [small, nonFinite] = [total("small"), total("nonFinite")];
  const counts = [
    ...(small > 0 ? [`${countText(small)} below ${numberText(SMALLEST_GAP)} or 0`] : []),
    ...(nonFinite > 0 ? [`${countText(nonFinite)} not finite`] : []),
  ];
  const ended = arms.some(({ divergedAt }) => divergedAt !== undefined)
    ? ["A vertical line ends an arm that diverged."]
    : [];
  return [...(counts.length > 0 ? [`Parts of the gap left out: ${counts.join(", ")}.`] : []), ...ended].join(" ");
}

function describe(arms: readonly GapArm[]): string {
  const each = arms.map(({ label: name, divergedAt, costs, gaps }) => {
    const [train, inference] = [costs.train.at(-1), costs.inference.at(-1)];
    const total = gaps.mean.total.at(-1)?.at(-1);
    const cost =
      train === undefined || inference === undefined
        ? "no cost in both modes"
        : `cost ${numberText(train.cost)} with batch statistics at update ${countText(train.update)}, ${numberText(inference.cost)} with moving averages at update ${countText(inference.update)}`;
    const mean =
      total === undefined
        ? ""
        : `; the largest total gap of the means is ${numberText(total.gap)} standard deviations at update ${countText(total.update)}`;
    return `${name}: ${cost}${mean}.${divergedAt === undefined ? "" : ` ${name} diverged at update ${countText(divergedAt)}.`}`;
  });
  return ["Costs in both modes, and the gap of the moving averages with its parts.", ...each].join(" ");
}
