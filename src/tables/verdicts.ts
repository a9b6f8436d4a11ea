import { VERDICTS } from "../record/verdicts.js";
import { recordedLayers } from "./checkpoints.js";
import { ARM, type Column, LAYER, type Table, UPDATES } from "./table.js";

/** "`a`, `b` or `c`", in Markdown. */
export function oneOf(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

export const VERDICT: Column = {
  name: "verdict",
  type: "text",
  description: `of the layer at this checkpoint: ${oneOf(VERDICTS)}; [verdicts.md](verdicts.md) has the rules`,
};

/** What each layer's state is judged to be. */
export const verdicts: Table = {
  name: "verdicts",
  description: "One row per layer, arm and recorded checkpoint of the first seed.",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    VERDICT,
    { name: "rule", type: "text", description: "the rule that gives it; empty for `healthy`" },
    { name: "evidence", type: "number", unit: "by rule", description: "what the rule judged; empty for `healthy`" },
    {
      name: "bound",
      type: "number",
      unit: "the same",
      description: "the limit that it is compared with; empty for `healthy`",
    },
    { name: "second_moment", type: "number", unit: "the values', squared", description: "of its pre-activations" },
  ],
  *rows(record) {
    for (const { place, layer } of recordedLayers(record)) {
      const { verdict, evidence } = layer.health;
      const { rule, value, limit } = evidence ?? {};
      const judged = { rule: rule ?? null, evidence: value ?? null, bound: limit ?? null };
      yield { ...place, verdict, ...judged, second_moment: layer.health.secondMoment };
    }
  },
};
