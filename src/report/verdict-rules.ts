import { VERDICT_RULES } from "../metrics/verdict-rules.js";
import type { Table } from "./tables.js";

/** What each verdict means, for a reader who has nothing but the page: in order, the first that holds is the verdict. */
export function verdictRules(): Table {
  return {
    head: ["verdict", "a layer has it when"],
    rows: [...VERDICT_RULES.map(({ verdict, when }) => [verdict, when]), ["healthy", "none of these holds"]],
    left: 2,
  };
}
