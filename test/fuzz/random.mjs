/**
 * The random choices of one case: the same seed gives the same case on every machine (mulberry32).
 *
 * @param {number} seed
 */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // The first numbers of neighboring seeds are alike.
  for (let i = 0; i < 3; i++) next();
  const below = (/** @type {number} */ count) => Math.floor(next() * count);
  return {
    below,
    /** True with that probability. */
    chance: (/** @type {number} */ share) => next() < share,
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => /** @type {T} */ (list[below(list.length)]),
  };
}

/** @typedef {ReturnType<typeof randomOf>} Random */
