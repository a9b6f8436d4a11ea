/** base to the power t, by repeated squaring: no host's `pow`. */
export function power(base: f64, t: i32): f64 {
  let product: f64 = 1;
  let square = base;
  for (; t > 0; t >>= 1) {
    if (t & 1) product *= square;
    square *= square;
  }
  return product;
}
