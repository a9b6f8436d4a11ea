import { t } from "../text/language.js";

/** What other programs, and people, call a setting: the words by which it is missed, and what to give instead. */
const ALIASES: readonly { readonly words: readonly string[]; readonly hint: string }[] = [
  { words: ["eps", "bn-eps", "bn-epsilon"], hint: "--epsilon" },
  {
    words: ["bn-momentum"],
    hint: t`--decay: momentum in Keras and TensorFlow is the decay itself (0.99), in PyTorch it is 1 − decay (0.1 is --decay 0.9)`,
  },
  { words: ["lr", "alpha", "eta", "step-size"], hint: "--learning-rate" },
  { words: ["steps", "iterations", "iters", "n-iter", "max-steps", "num-steps"], hint: "--updates" },
  { words: ["n-epochs", "num-epochs", "max-epochs"], hint: "--epochs" },
  { words: ["bs", "batch", "minibatch", "mini-batch", "mini-batch-size", "minibatch-size"], hint: "--batch-size" },
  { words: ["depth", "num-layers", "n-layers", "hidden", "num-hidden-layers"], hint: "--hidden-layers" },
  { words: ["units", "neurons", "hidden-size", "hidden-units", "hidden-dim", "num-units", "size"], hint: "--width" },
  { words: ["act", "act-fn", "nonlinearity", "activation-function"], hint: "--activation" },
  { words: ["std", "stddev", "sigma", "weight-std", "init-stddev"], hint: "--init-std" },
  { words: ["initializer", "kernel-initializer", "weight-init", "initialization"], hint: "--init" },
  { words: ["noise-std", "noise-level"], hint: "--noise" },
  { words: ["n", "n-samples", "num-samples", "points", "n-points"], hint: "--samples" },
  { words: ["random-seed", "random-state", "rng"], hint: "--seed" },
  { words: ["num-seeds", "n-seeds", "repeats", "runs", "trials"], hint: "--seeds" },
  { words: ["csv-file", "train", "train-data", "training-data", "file", "input"], hint: "--data" },
  { words: ["test", "validation-data", "val-data", "eval-data"], hint: "--test-data" },
  { words: ["label", "labels", "target-column", "y-column"], hint: "--target" },
  { words: ["features", "feature-columns", "x-columns", "inputs-columns"], hint: "--columns" },
  { words: ["sep", "separator"], hint: "--delimiter" },
  { words: ["standardize", "standardize", "scale-inputs", "normalize-inputs"], hint: "--standardize-inputs" },
  { words: ["output", "output-dir", "out-dir", "outdir"], hint: "--out" },
  { words: ["threads", "jobs", "num-workers", "n-jobs"], hint: "--workers" },
  { words: ["bias-correction", "zero-debias"], hint: "--debias" },
  { words: ["ema", "ema-decay", "moving-average-decay"], hint: "--decay" },
  { words: ["optim"], hint: "--optimizer" },
  { words: ["norm", "normalization", "norm-layer", "norm-type"], hint: "--normalizer" },
  { words: ["accumulation-steps", "accumulate-grad-batches", "gradient-accumulation-steps"], hint: "--accumulate" },
  { words: ["wd", "l2"], hint: "--weight-decay" },
];

/** What to give instead of a flag or key of another program, spelled `--bn-eps`, `bnEps` or `bn_eps`; undefined where nobody says so. */
export function hintFor(word: string): string | undefined {
  if (word.length > 60) return undefined;
  const plain = word
    .replace(/^-+/, "")
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
  return ALIASES.find(({ words }) => words.includes(plain))?.hint;
}

/** The same for the key of a file: `learningRate` instead of `--learning-rate`. */
export function keyHintFor(word: string): string | undefined {
  return hintFor(word)?.replace(/--([a-z][a-z-]*)/g, (_, flag: string) =>
    flag.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
  );
}
