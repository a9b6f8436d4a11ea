import type { Distribution, Evidence, Gap, Layer } from "../record/layers.js";
import { RULES } from "../record/verdicts.js";
import { recordedLayers } from "./checkpoints.js";
import { ARM, type Cell, cellOf, LAYER, type Table, UPDATES } from "./table.js";
import { oneOf, VERDICT } from "./verdicts.js";

const DETAILS = `Every checkpoint is made in training mode on the same points: the training set, or at most 2500 points (500 images) evenly chosen from it.
With \`--standardize-inputs\` or \`--standardize-targets\`, layers and histograms show what the network sees, the standardized values.
\`preActivation\` is what the layer's activation function receives, after BN if BN comes before it; in the output layer
it is the prediction. \`layerInput\` is what the layer's kernel is multiplied by.

| quantity | unit | meaning |
|---|---|---|
| \`preActivation.mean\`, \`layerInput.mean\` | the values' | mean of all values (units × points); one NaN among them makes it NaN, and so with the next three |
| \`preActivation.variance\`, \`layerInput.variance\` | the values', squared | variance, divided by the number of values |
| \`preActivation.min\`, \`layerInput.min\` | the values' | smallest value |
| \`preActivation.max\`, \`layerInput.max\` | the values' | largest value |
| \`preActivation.underflow\`, \`layerInput.underflow\` | values | finite values below the first bin |
| \`preActivation.overflow\`, \`layerInput.overflow\` | values | finite values above the last bin |
| \`preActivation.nonFinite\`, \`layerInput.nonFinite\` | values | NaN and infinite values |
| \`gradientNorms.kernel\` | cost per weight | L2 norm of the cost's gradient with respect to the kernel |
| \`gradientNorms.preActivation\` | cost per value | L2 norm of the cost's gradient with respect to the pre-activations |
| \`health.units\` | units | units of the layer |
| \`health.secondMoment\` | the values', squared | mean of the squared pre-activation |
| \`health.growth\` | factor | second moment over that of the layer before; in the first layer over that of the layer's input |
| \`health.gradientGrowth\` | factor a layer | geometric mean by which the gradient's norm grows from the output back to this layer; no row in the output layer and where a gradient is zero |
| \`health.saturatedShare\` | share, 0 to 1 | values that saturate; only where the activation can |
| \`health.flatShare\` | share, 0 to 1 | values where the activation is flat, saturated ones and with ReLU those that are ≤ 0; only where the activation has such a region |
| \`health.silentUnits\` | units | units that are ≤ 0 on every sample; only with ReLU |
| \`health.constantUnits\` | units | units with the same value on every sample |
| \`health.evidence.value\` | by rule | what the verdict's rule judged: a second moment, or a share of values, units or gradient; no row for \`healthy\` |
| \`health.evidence.limit\` | the same | the limit that it is beyond; no row for \`healthy\` and \`not-finite\` |
| \`gap.mean.total\`, \`gap.variance.total\` | deviations; share | how far the moving average is from the training set's own statistic: root mean square over the features, of means in standard deviations √(σ² + ε), of variances as a share of σ² + ε; only in layers with BN, from the first update on |
| \`gap.mean.initializationBias\`, \`gap.variance.initializationBias\` | the same | the part of it that the averages' start at zero still has (initialization bias) |
| \`gap.mean.lag\`, \`gap.variance.lag\` | the same | the part that comes from weights which moved since |
| \`gap.mean.noise\`, \`gap.variance.noise\` | the same | the part that comes from batches which are not the training set |
| \`gap.mean.rounding\`, \`gap.variance.rounding\` | the same | the part that comes from rounding: the engine's average minus the same average of the same batches in float64 |`;

/** What is known of each layer of the first seed at each checkpoint, one number a row. */
export const layers: Table = {
  name: "layers",
  description:
    "One row per number: for each layer, arm and recorded checkpoint (`--histogram-every`). Only the first seed has checkpoints.",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    { ...VERDICT, description: VERDICT.description.replace(":", ", the same in all its rows:") },
    {
      name: "rule",
      type: "text",
      description: `the rule that gives the verdict: ${oneOf(RULES)}; empty for \`healthy\``,
    },
    { name: "quantity", type: "text", description: "what `value` is: a path in `result.json`, from the table below" },
    {
      name: "value",
      type: "number",
      unit: "by quantity",
      description: "never empty: a quantity that the layer lacks has no row",
    },
  ],
  details: DETAILS,
  *rows(record) {
    for (const { place, layer } of recordedLayers(record)) {
      const { verdict, evidence } = layer.health;
      for (const [quantity, value] of quantitiesOf(layer)) {
        yield { ...place, verdict, rule: evidence?.rule ?? null, quantity, value };
      }
    }
  },
};

/** Names are the paths in result.json. */
function quantitiesOf({ preActivation, layerInput, gradientNorms, health, gap }: Layer): [string, Cell][] {
  const { verdict: _, evidence, ...numbers } = health;
  return [
    ...momentsOf("preActivation", preActivation),
    ...momentsOf("layerInput", layerInput),
    ...Object.entries(gradientNorms).map(([name, value]): [string, Cell] => [`gradientNorms.${name}`, value]),
    ...Object.entries(numbers).map(([name, value]): [string, Cell] => [`health.${name}`, cellOf(value)]),
    ...evidenceRows(evidence),
    ...(gap === undefined ? [] : gapParts(gap)),
  ];
}

function evidenceRows(evidence: Evidence | undefined): [string, Cell][] {
  if (evidence === undefined) return [];
  const { rule: _, ...numbers } = evidence;
  return Object.entries(numbers).map(([name, value]) => [`health.evidence.${name}`, cellOf(value)]);
}

function momentsOf(name: string, { edges: _, counts: __, ...moments }: Distribution): [string, Cell][] {
  return Object.entries(moments).map(([moment, value]) => [`${name}.${moment}`, value]);
}

function gapParts(gap: Gap): [string, Cell][] {
  return Object.entries(gap).flatMap(([moment, parts]) =>
    Object.entries(parts).map(([part, value]): [string, Cell] => [`gap.${moment}.${part}`, value]),
  );
}
