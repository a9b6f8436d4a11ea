import { afterAll, beforeAll, expect, test } from "vitest";
import { cause } from "./cause.js";
import { chart } from "./chart.js";
import { dataset } from "./dataset.js";
import { definitions } from "./definitions.js";
import { format } from "./format.js";
import { initializer } from "./initializer.js";
import { type Addition, withAdditions } from "./sources.js";
import { verdict } from "./verdict.js";

/** All are added to one copy of the project, which is built once. */
const ADDITIONS: readonly Addition[] = [cause, chart, dataset, definitions, format, initializer, verdict];

let copy: Awaited<ReturnType<typeof withAdditions>>;
beforeAll(async () => {
  copy = await withAdditions(ADDITIONS);
});
afterAll(() => copy?.remove());

test.each(ADDITIONS)("$what: a file or two, and it is there", async ({ what, touches, shows }) => {
  expect(copy.touched.get(what)).toEqual(touches);
  await shows(copy.builtFor(what));
});
