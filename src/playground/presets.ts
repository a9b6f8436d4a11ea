/** A run to start from: a command line, and what is to be seen in it. */
export interface Preset {
  readonly name: string;
  readonly line: string;
  readonly comment: string;
}

export const PRESETS: readonly Preset[] = [
  {
    name: "Tutorial",
    line: "bn-compare run",
    comment:
      "Weights from N(0, 1) make values grow from layer to layer: plain diverges at once, and no smaller learning rate makes it learn.",
  },
  {
    name: "Saturated tanh",
    line: "bn-compare run --activation tanh",
    comment:
      "In plain, nearly all values lie where tanh is flat, so little gradient passes; BN keeps them where it is steep.",
  },
  {
    name: "Dying ReLU",
    line: "bn-compare run --init he --bias -1 --learning-rate 0.0005",
    comment:
      "Biases start at −1: whole layers of plain output only 0, and no gradient ever revives them. BN subtracts the mean, and the bias with it.",
  },
  {
    name: "Too high a rate for plain",
    line: "bn-compare run --init he",
    comment:
      "He's initialization keeps the values in bounds, yet at this rate plain diverges after a few updates; BN learns.",
  },
  {
    name: "Does He make BN unnecessary?",
    line: "bn-compare run --init he --learning-rate 0.0001",
    comment:
      "At this rate, nearly: both learn equally well. At a tenth of it plain does better; at ten times the rate only BN survives, and it ends far lower.",
  },
  {
    name: "Decay too slow",
    line: "bn-compare run --decay 0.99",
    comment:
      "After 250 updates, the initial zero still weighs 8 % in the moving averages: the cost in inference mode is several times that in training mode.",
  },
  {
    name: "Batch of one",
    line: "bn-compare run --shuffle --updates 250 --batch-size 1",
    comment:
      "A single point has no spread: BN outputs beta regardless of its input, learns almost nothing, and the cost in inference mode explodes.",
  },
];
