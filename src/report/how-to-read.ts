import { costSeries } from "../charts/costs/series.js";
import { hasReluEnd } from "../charts/maps/findings.js";
import { limit } from "../outcome/limits.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { lossWords } from "../text/losses.js";
import { numberText } from "../text/numbers.js";
import { pointsWord } from "../text/places.js";
import { labeledArms } from "./labeled-arms.js";

/** How a chart is read, by its name: a sentence for someone who sees one for the first time. */
export const HOW_TO_READ: Readonly<Record<string, (result: Result) => string>> = {
  data(result) {
    const { grid, truth } = result.data;
    if (grid === undefined)
      return t`Each dot is a training point: the closer it lies to the dotted diagonal, the closer the prediction (vertical) is to the true value (horizontal).`;
    const around = result.referenceCosts.noiseFloor === 0 ? t`lie on` : t`were scattered around`;
    const curve = truth === undefined ? "" : t`, the dotted line is the curve ${truth} that they ${around}`;
    const isAnyTrained = labeledArms(result).some(({ arm }) => arm.status === "trained");
    return t`Each gray dot is a training point${curve}, ${
      isAnyTrained
        ? t`and each colored line is what a net predicts after training, in inference mode`
        : t`and a net that has diverged has no line`
    }.`;
  },
  costs(result) {
    const { referenceCosts, seeds } = result;
    const { noiseFloor = 0, predictMean } = referenceCosts;
    const mean = t`always ${lossWords(referenceCosts).constant} (${numberText(predictMean)})`;
    const marks =
      noiseFloor === 0
        ? t`the dotted line marks ${mean}`
        : t`the dotted lines mark ${mean} and the noise alone (${numberText(noiseFloor)})`;
    const lines =
      seeds.length > 1
        ? t`Each thick line is the median cost over the seeds, with a band around their middle half`
        : t`Each line is the cost of one net`;
    const modes = costSeries(result).some(({ mode }) => mode === "train")
      ? t`, solid in training mode and dashed in inference mode`
      : "";
    return t`${lines}${modes}: lower is better, equal distances are equal factors on a log scale, and ${marks}.`;
  },
  accuracy: (result) =>
    t`${result.seeds.length > 1 ? t`Each thick line is the median over the seeds` : t`Each line is one net`}: the higher, the more ${pointsWord(result.config)} it classifies correctly; the dotted line is guessing. Near the top, the cost still separates nets of equal accuracy.`,
  effect: () =>
    t`Each dot is one seed: how many times lower an arm ends than its control, which had the same data and the same random numbers for its weights. Right of the no-effect line the arm is better, left of it worse; a bar that crosses the line leaves it open.`,
  histograms: (result) =>
    t`Each panel is a histogram of the values that one layer's activation function receives at one update${sides(result)}. Shaded: the activation is flat, and the values there hardly learn. Pale bars at the edges are values beyond the axis.`,
  activations: (result) =>
    t`Each panel is a histogram of the values that one layer receives at one update${sides(result)}. Values piled up at an end of the activation's range, or at a single place, carry little information to the layer.`,
  verdicts: () =>
    t`Each mark judges one layer at one recorded update, with the input side at the top: a small gray dot is a healthy layer, any other shape one that fails as the key says. A net with healthy layers may still not have learned.`,
  classes: ({ data }) =>
    t`Each row is a class with its label${data.classes?.examples === undefined ? "" : t`, a few of its images as the nets see them`}, and how many images it has: if class sizes differ much, a high accuracy may mean little.`,
  signal: () =>
    t`A level line is what a deep net needs: every layer receives values of the same size. On a log scale, a straight slope is a constant factor per layer.`,
  gradients: () =>
    t`The height of a line is how strongly the cost reacts to what each layer computes. Where it is level, all layers get equally large gradients; where it rises toward the input (left), the gradient grows on its way back; where it falls, it fades. A layer that gets less than ${limit("small-gradient")} of the output layer's gradient counts as vanishing.`,
  maps: (result) =>
    t`Each small image is one channel of the first convolution for the same training image, one net beside the other: what the activation receives${hasReluEnd(result) ? t`. It passes green on and outputs 0 for purple` : ""}.`,
  kernels: () =>
    t`Each square is the kernel of one channel: where the image is bright, green weights raise the channel's value and purple ones lower it. Both nets start with the same kernels; what training changed is the difference between the two rows.`,
  gap: () =>
    t`Training normalizes with each batch's own mean and variance, prediction with moving averages of them. The solid and dashed costs should coincide; the panels below show how far the averages are from the training set's own statistics, and why.`,
};

/** Which of two nets is where. */
function sides(result: Result): string {
  return labeledArms(result).length > 1 ? t`, one net above the axis and another below it` : "";
}

/** Whether the page has words of its own for a chart; others are there with their subject and description. */
export function isExplained(chart: string): boolean {
  return Object.hasOwn(HOW_TO_READ, chart);
}
