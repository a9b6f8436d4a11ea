import { arms } from "./arms.js";
import { classes, examples } from "./classes.js";
import { accuracies, costs } from "./costs.js";
import { effects, ratios } from "./effects.js";
import { fits, points, truth } from "./fits.js";
import { flat } from "./flat.js";
import { gap } from "./gap.js";
import { gradients } from "./gradients.js";
import { histograms, tails } from "./histograms.js";
import { layers } from "./layers.js";
import { kernels, maps } from "./maps.js";
import { medians } from "./medians.js";
import { references } from "./references.js";
import { rounding } from "./rounding.js";
import { signal } from "./signal.js";
import type { Table } from "./table.js";
import { verdicts } from "./verdicts.js";

/** Every table of a record: those that CSV files hold, and those that only charts need. */
export const TABLES: readonly Table[] = [
  arms,
  costs,
  accuracies,
  medians,
  references,
  rounding,
  effects,
  ratios,
  points,
  truth,
  fits,
  classes,
  examples,
  layers,
  verdicts,
  signal,
  gradients,
  gap,
  histograms,
  tails,
  flat,
  maps,
  kernels,
];
