/** @typedef {import("./random.mjs").Random} Random */

/** Values that a field of any type should survive: wrong types, ends of ranges, names that every object has. */
export const EXTREMES = [
  null,
  true,
  false,
  "",
  "NaN",
  "Infinity",
  "-Infinity",
  "toString",
  "__proto__",
  "constructor",
  "full",
  "5%",
  "\u0000\u001b[2J",
  "\u202e\ud800",
  "::error::x\n::set-output name=a::b",
  "<script>alert(1)</script>",
  "x".repeat(20_000),
  0,
  -0,
  1,
  -1,
  0.5,
  65,
  1e6,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53 + 2,
  1e21,
  3.5e38,
  1e77,
  1e300,
  1.7e308,
  -1.7e308,
  5e-324,
  [],
  {},
  [[]],
  [null],
  { toString: 1 },
];

/**
 * Every place in a tree of objects and lists: what holds it, and its key there.
 *
 * @param {any} tree
 */
export function placesIn(tree) {
  /** @type {{ holder: any, key: string | number }[]} */
  const places = [];
  const open = [tree];
  while (open.length > 0) {
    const holder = open.pop();
    if (typeof holder !== "object" || holder === null) continue;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key: Array.isArray(holder) ? Number(key) : key });
      open.push(holder[key]);
    }
  }
  return places;
}

/** @param {any} holder @param {string | number} key */
export function remove(holder, key) {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

/** An own property even where the name is `__proto__`. */
export function put(/** @type {any} */ holder, /** @type {string | number} */ key, /** @type {unknown} */ value) {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * Changes a tree in one place: a field of another type, at the end of a range, missing, twice, under another name, or
 * exchanged with another one. Numbers are mostly moved, so that what depends on them is met and not only their type.
 *
 * @param {any} tree changed in place
 * @param {Random} random
 */
export function mutateTree(tree, random) {
  const places = placesIn(tree);
  if (places.length === 0) return;
  // A long list would get nearly all changes: half of them choose their way down from the top.
  const { holder, key } = random.chance(0.5) ? random.pick(places) : descend(tree, random);
  const value = holder[key];
  const kind = random.below(10);
  if (typeof value === "number" && kind < 5) {
    put(
      holder,
      key,
      random.pick([-value, value + 1, value - 1, value * 2, value / 2, value * 1e10, value * 1e-300, 0]),
    );
  } else if (kind < 6) put(holder, key, structuredClone(random.pick(EXTREMES)));
  else if (kind === 6) remove(holder, key);
  else if (kind === 7) {
    const copy = structuredClone(value);
    if (Array.isArray(holder)) holder.splice(Number(key), 0, copy);
    else put(holder, random.pick(["toString", "__proto__", "constructor", "7", `${key} `, "bn", "plain"]), copy);
  } else if (kind === 8) {
    const other = random.pick(places);
    const theirs = structuredClone(other.holder[other.key]);
    put(other.holder, other.key, structuredClone(value));
    put(holder, key, theirs);
  } else if (Array.isArray(value)) value.reverse();
  else put(holder, key, [value]);
}

/** A place chosen by going down from the top, so that every key of an object is as likely as a long list. */
function descend(/** @type {any} */ tree, /** @type {Random} */ random) {
  let place = { holder: tree, key: random.pick(Object.keys(tree)) };
  for (;;) {
    const inside = place.holder[place.key];
    const keys = typeof inside === "object" && inside !== null ? Object.keys(inside) : [];
    if (keys.length === 0 || random.chance(0.15)) return place;
    place = { holder: inside, key: random.pick(keys) };
  }
}

/** Pieces that mean something to one of the readers. */
const PIECES = [
  "\ufeff",
  "\u0000",
  '"',
  "'",
  ",",
  ";",
  "\t",
  "\r\n",
  "\n\n",
  "NaN",
  "1e999",
  "-",
  "&a ",
  "*a",
  "<<: *a\n",
  "!!binary ",
  "!x ",
  "? [a]\n: b\n",
  "---\n",
  "{",
  "}",
  "[".repeat(20_000),
  '{"a":'.repeat(20_000),
  "- ".repeat(20_000),
  "a: &b [*b]\n",
  "__proto__: 1\n",
  "#",
  "\ud800",
  "9".repeat(400),
];

/**
 * Changes bytes: a bit, a byte, a piece that means something, a stretch missing, twice or elsewhere, the end cut off.
 *
 * @param {Buffer} bytes
 * @param {Random} random
 * @returns {Buffer}
 */
export function mutateBytes(bytes, random) {
  const at = random.below(bytes.length + 1);
  const length = Math.min(bytes.length - at, 1 + random.below(random.chance(0.5) ? 4 : 200));
  const [before, stretch, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, at + length),
    bytes.subarray(at + length),
  ];
  switch (random.below(7)) {
    case 0: {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at] = /** @type {number} */ (changed[at]) ^ (1 << random.below(8));
      return changed;
    }
    case 1:
      return Buffer.concat([before, Buffer.from([random.below(256)]), after]);
    case 2:
      return Buffer.concat([before, Buffer.from(random.pick(PIECES)), stretch, after]);
    case 3:
      return Buffer.concat([before, after]);
    case 4:
      return Buffer.concat([before, stretch, stretch, after]);
    case 5: {
      const to = random.below(after.length + 1);
      return Buffer.concat([before, after.subarray(0, to), stretch, after.subarray(to)]);
    }
    default:
      return Buffer.from(before);
  }
}
