import { randomStream } from "../../src/data/streams.js";
import type { Activation } from "../../src/model/activations.js";

/** The formulas behind the published numbers that claims call derived. */

/** Arc-cosine kernels of degree 0 and 1, normalized to 1 at a cosine of 1 (Cho & Saul 2009, equations 4 and 6). */
export const kappa0 = (c: number) => 1 - Math.acos(c) / Math.PI;
export const kappa1 = (c: number) => (Math.sqrt(1 - c * c) + (Math.PI - Math.acos(c)) * c) / Math.PI;

/** The cosine after `layers` plain relu layers, from inputs that are orthogonal. */
export function plainCosine(layers: number): number {
  let cosine = 0;
  for (let layer = 0; layer < layers; layer++) cosine = kappa1(cosine);
  return cosine;
}

/** The cosine between two normalized samples of a batch of B, whatever they were. */
export const normalizedCosine = (batch: number) => -1 / (batch - 1);

/**
 * The factor per layer of ‖∂C/∂z‖² with relu and BN at the fixed point of Yang et al. 2019. A normalized batch is √B·v, v
 * uniform on the unit sphere of the B − 1 dimensions that sum to zero, G the projection on them; what relu makes of it has
 * G-variance a = (1 − κ₁)/2, so behind it E[1/σ²] = B/(a (B − 3)). Back through D = diag(relu′(v)) and the projection away
 * from v, tr(GDGD) − vᵀDGDv = ((B − 1)² + (B − 1) κ₀ − (B − 1)(1 − κ₁))/(2B) of B − 1 is left.
 */
export function reluGradientGrowth(batch: number): number {
  const c = normalizedCosine(batch);
  return (batch - 2 + kappa0(c) + kappa1(c)) / ((batch - 3) * (1 - kappa1(c)));
}

/**
 * The same factor for any activation f, E[tr(GDGD) − vᵀDGDv] · B/(a (B − 3)(B − 1)), by drawing v: for tanh there is no
 * closed form.
 */
export function drawnGradientGrowth(
  { value, derivative }: Pick<Activation, "value" | "derivative">,
  batch: number,
  draws: number,
): number {
  const { normal } = randomStream(1, "directions");
  let [variance, left] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    const g = Array.from({ length: batch }, normal);
    const middle = sum(g) / batch;
    const centered = g.map((x) => x - middle);
    const length = Math.sqrt(sum(centered.map((x) => x * x)));
    const v = centered.map((x) => x / length);
    const f = v.map((x) => value(Math.sqrt(batch) * x));
    const d = v.map((x) => derivative(Math.sqrt(batch) * x));
    const squares = sum(d.map((x) => x * x));
    const weighted = v.map((x, i) => x * (d[i] as number));
    variance += (sum(f.map((x) => x * x)) - sum(f) ** 2 / batch) / (batch - 1);
    left += (1 - 1 / batch) ** 2 * squares + (sum(d) ** 2 - squares) / batch ** 2;
    left -= sum(weighted.map((x) => x * x)) - sum(weighted) ** 2 / batch;
  }
  return (batch * left) / (variance * (batch - 3) * (batch - 1));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** exp E[ln Σ relu(g)²] over n units, k of them positive: Σₖ C(n, k) 2⁻ⁿ (ψ(k/2) + ln 2), given that one is. */
export function typicalGrowth(units: number): number {
  let [sum, weights] = [0, 0];
  let binomial = 1;
  for (let k = 1; k <= units; k++) {
    binomial *= (units - k + 1) / k;
    weights += binomial;
    sum += binomial * (digammaOfHalf(k) + Math.LN2);
  }
  return Math.exp(sum / weights);
}

/** ψ(k/2), by ψ(x + 1) = ψ(x) + 1/x from ψ(1/2) = −γ − 2 ln 2 and ψ(1) = −γ. */
function digammaOfHalf(k: number): number {
  const gamma = 0.5772156649015329;
  let value = k % 2 === 1 ? -gamma - 2 * Math.LN2 : -gamma;
  for (let x = k % 2 === 1 ? 0.5 : 1; x < k / 2; x++) value += 1 / x;
  return value;
}

/** q* = weightVariance · E[tanh²(√q*·g)] (Poole et al. 2016, equation 3). */
export function tanhFixedPoint(weightVariance: number): number {
  let q = weightVariance;
  for (let i = 0; i < 200; i++) q = weightVariance * gaussianMean((g) => Math.tanh(Math.sqrt(q) * g) ** 2);
  return q;
}

/** P(|tanh(√q·g)| > t). */
export function saturated(q: number, t: number): number {
  const beyond = Math.atanh(t) / Math.sqrt(q);
  // The density from 0 to there; the integrand is smooth, so the midpoint rule is exact to many digits.
  const steps = 10_000;
  let inside = 0;
  for (let i = 0; i < steps; i++) inside += Math.exp(-0.5 * ((beyond * (i + 0.5)) / steps) ** 2);
  return 1 - (2 * beyond * inside) / steps / Math.sqrt(2 * Math.PI);
}

function gaussianMean(f: (g: number) => number): number {
  const [reach, step] = [10, 0.001];
  let sum = 0;
  for (let g = -reach + step / 2; g < reach; g += step) sum += f(g) * Math.exp(-0.5 * g * g);
  return (sum * step) / Math.sqrt(2 * Math.PI);
}

/** 1 − (1 − 2⁻ⁿ)ᴸ. */
export const bornDead = (units: number, layers: number) => 1 - (1 - 2 ** -units) ** layers;
