/**
 * The positive n-th root of a positive finite number by Newton's method: nothing but the four operations, so the same
 * bits on every machine, which `Math.pow` does not promise.
 */
export function root(value: number, n: number): number {
  if (n === 1 || value === 0) return value;
  let x = Math.max(1, value);
  for (;;) {
    let power = 1;
    for (let i = 1; i < n; i++) power *= x;
    const next = ((n - 1) * x + value / power) / n;
    // From above, Newton's steps fall until rounding stops them.
    if (!(next < x)) return x;
    x = next;
  }
}
