import type { CheckFormat } from "./format.js";
import { junit } from "./junit.js";
import { markdownReport } from "./markdown.js";

/** Every file that `check` writes about what it found, in the order of its flags. */
export const CHECK_FORMATS: readonly CheckFormat[] = [junit, markdownReport];
