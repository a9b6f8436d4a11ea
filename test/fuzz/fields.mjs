import { EXTREMES, put, remove } from "./mutations.mjs";

/** @typedef {import("./random.mjs").Random} Random */
/** @typedef {{ holder: any, key: string | number }} Place */

/** Stands for objects in each other, which are too deep for `JSON.stringify`. */
const NESTED = "objects in objects";
const DEPTH = 50_000;

/** Names that an entry gets in place of its own. */
const NAMES = ["toString", "__proto__", "", "NaN", "a\n::error::b\u001b[2J\u202e", "<img src=x onerror=a>"];

/**
 * What a field is changed to: every extreme, a list and a text that are huge, what its own value is close to, nothing at
 * all, and its value under another name.
 *
 * @type {((place: Place, random: Random) => void)[]}
 */
const CHANGES = [
  ...[...EXTREMES, -1e308, 1e308, -(2 ** 31)].map((value) => (/** @type {Place} */ { holder, key }) => {
    put(holder, key, structuredClone(value));
  }),
  ({ holder, key }) => put(holder, key, new Array(100_000).fill(0)),
  ({ holder, key }) => put(holder, key, NESTED),
  ...[(/** @type {any} */ value) => -value, (/** @type {any} */ value) => value * (1 + 2 ** -50)].map(
    (near) =>
      (/** @type {Place} */ { holder, key }) => {
        put(holder, key, typeof holder[key] === "number" ? near(holder[key]) : [holder[key]]);
      },
  ),
  ({ holder, key }) => remove(holder, key),
  ({ holder, key }, random) => {
    const value = holder[key];
    remove(holder, key);
    put(holder, Array.isArray(holder) ? Number(key) : random.pick(NAMES), value);
  },
];

/**
 * JSON of a tree of which one field is changed in one way. The number goes through all ways and all fields, each as often as any other;
 * entries of a list are one field, of which one is chosen.
 *
 * @param {any} tree
 * @param {Random} random
 * @param {number} number
 */
export function fieldChanged(tree, random, number) {
  const top = { tree: structuredClone(tree) };
  const fields = fieldsOf(top);
  const round = Math.floor(number / fields.length);
  const field = number % fields.length;
  // Another way for each field in every round: a few rounds are not a few ways.
  const change = CHANGES[(round + field * 7) % CHANGES.length];
  change?.(random.pick(/** @type {Place[]} */ (fields[field])), random);
  return (JSON.stringify(top.tree) ?? "").replace(`"${NESTED}"`, `${'{"a":'.repeat(DEPTH)}1${"}".repeat(DEPTH)}`);
}

/** Every field of a tree: the places whose paths are the same but for the numbers in them. */
function fieldsOf(/** @type {any} */ top) {
  /** @type {Map<string, Place[]>} */
  const fields = new Map();
  const open = [{ value: top, path: "" }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value, path } = at;
    if (typeof value !== "object" || value === null) continue;
    for (const key of Object.keys(value)) {
      const inside = `${path}.${Array.isArray(value) ? "*" : key}`;
      const places = fields.get(inside) ?? [];
      places.push({ holder: value, key: Array.isArray(value) ? Number(key) : key });
      fields.set(inside, places);
      open.push({ value: value[key], path: inside });
    }
  }
  return [...fields.values()];
}
