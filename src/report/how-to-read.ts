import { costSeries } from "../charts/costs/series.js";
import { hasReluEnd } from "../charts/maps/findings.js";
import { limit } from "../outcome/limits.js";
import type { Result } from "../record/result.js";
import { lossWords } from "../text/losses.js";
import { numberText } from "../text/numbers.js";
import { pointsWord } from "../text/places.js";
import { labeledArms } from "./labeled-arms.js";

/** How a chart is read, by its name: a sentence for someone who sees one for the first time. */
export const HOW_TO_READ: Readonly<Record<string, (result: Result) => string>> = {
  data(result) {
    const { grid, truth } = result.data;
    if (grid === undefined)
      return "Each dot is a training point: the closer it lies to the dotted diagonal, the nearer a net's prediction (up) comes to the true value (across).";
    const around = result.referenceCosts.noiseFloor === 0 ? "lie on" : "were scattered around";
    const curve = truth === undefined ? "" : `, the dotted line is the curve ${truth} that they ${around}`;
    const isAnyTrained = labeledArms(result).some(({ arm }) => arm.status === "trained");
    return `Each gray dot is a training point${curve}, ${
      isAnyTrained
        ? "and each colored line is what a net predicts after training, in inference mode"
        : "and a net that has diverged has no line"
    }.`;
  },
  costs(result) {
    const { referenceCosts, seeds } = result;
    const { noiseFloor = 0, predictMean } = referenceCosts;
    const mean = `always ${lossWords(referenceCosts).constant} (${numberText(predictMean)})`;
    const marks =
      noiseFloor === 0
        ? `the dotted line marks ${mean}`
        : `the dotted lines mark ${mean} and the noise alone (${numberText(noiseFloor)})`;
    const lines =
      seeds.length > 1
        ? "A thick line is the median cost over the seeds and the area around it their middle half"
        : "Each line is the cost of one net";
    const modes = costSeries(result).some(({ mode }) => mode === "train")
      ? ", solid in training mode and dashed in inference mode"
      : "";
    return `${lines}${modes}: lower is better, equal steps up are equal factors while the scale is logarithmic, and ${marks}.`;
  },
  accuracy: (result) =>
    `${result.seeds.length > 1 ? "A thick line is the median over the seeds" : "Each line is one net"}: the higher, the more ${pointsWord(result.config)} it classifies right; the dotted line is guessing. Near the top the cost tells nets apart that are equally often right.`,
  effect: () =>
    "Each dot is one seed and shows how many times lower an arm ends than its control, which had the same data and the same random numbers for its weights: right of the line of no effect the arm is better, left of it worse, and a bar that crosses it leaves that open.",
  histograms: (result) =>
    `Each panel is a histogram of the values that one layer's activation function receives at one update${sides(result)}. Shaded is where the activation is flat: the share of the values there hardly learns. Pale bars at the edges are values beyond the axis.`,
  activations: (result) =>
    `Each panel is a histogram of the values that one layer receives at one update${sides(result)}. Values piled up at an end of the activation's range, or at a single place, carry little of the data to the layer.`,
  verdicts: () =>
    "Each mark judges one layer at one recorded update, with the input side at the top: a small gray dot is a healthy layer, and any other shape one that fails in the way the key names; a net whose layers are healthy may still not have learned.",
  classes: ({ data }) =>
    `Each row is a class with its label${data.classes?.examples === undefined ? "" : ", a few of its images as the nets see them"}, and how many images it has: where classes are of very different size, a high accuracy may mean little.`,
  signal: () =>
    "A level line is what a deep net needs: every layer receives values of the same size. On a log scale a straight line that rises or falls is a fixed factor per layer.",
  gradients: () =>
    `The height of a line is how strongly the cost reacts to what each layer computes: where it is level all layers get as much gradient, where it rises towards the input (left) the gradient grows on its way back, and where it falls there it fades; a layer that gets less than ${limit("small-gradient")} of the output layer's counts as vanishing.`,
  maps: (result) =>
    `Each small image is what one channel of the first convolution makes of the same training image, one net beside the other: what the activation receives${hasReluEnd(result) ? ", so that it passes on the green and outputs 0 for the purple" : ""}.`,
  kernels: () =>
    "Each square is the kernel that gives one channel: green weights add to it where the image is bright, purple ones take from it. Both nets start with the same kernels; what training changed is the difference between the two rows.",
  gap: () =>
    "Training normalizes with each batch's own mean and variance, prediction with their moving averages: the solid and the dashed cost should lie on each other, and the panels below show how far the averages are from the training set's own statistics, and why.",
};

/** Which of two nets is where. */
function sides(result: Result): string {
  return labeledArms(result).length > 1 ? ", of one net above the axis and of another below it" : "";
}

/** Whether the page has words of its own for a chart; others are there with their subject and description. */
export function isExplained(chart: string): boolean {
  return Object.hasOwn(HOW_TO_READ, chart);
}
