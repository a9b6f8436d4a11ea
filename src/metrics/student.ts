/**
 * The p-quantile, ½ ≤ p < 1, of Student's t distribution with a whole number of degrees of freedom, to 1e-12 of itself
 * for the shares that intervals use: the distribution's finite sums (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4),
 * bisected over sin θ with tan θ = t/√ν.
 */
export function studentQuantile(p: number, degrees: number): number {
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (within(middle, degrees) < 2 * p - 1) low = middle;
    else high = middle;
  }
  return Math.sqrt((degrees / (1 - low * low)) * low * low);
}

/** P(|T| ≤ t) by sin θ. */
function within(sine: number, degrees: number): number {
  const squaredCosine = (1 - sine) * (1 + sine);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.sqrt(squaredCosine) : 1;
  let sum = 0;
  for (let k = isOdd ? 1 : 0; k <= degrees - 2; k += 2) {
    sum += term;
    term *= (squaredCosine * (k + 1)) / (k + 2);
  }
  return isOdd ? (2 / Math.PI) * (Math.asin(sine) + sine * sum) : sine * sum;
}
