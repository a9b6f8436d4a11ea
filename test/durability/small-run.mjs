/** Files that a run folder may hold, each with the seed in it, so that two runs that are mixed are seen. */
export function runOf(seed) {
  const version = { "bn-compare": "0.1.0" };
  return new Map([
    ["result.json", JSON.stringify({ schemaVersion: 1, config: { seed }, engine: { version } })],
    ["costs.svg", `<svg>${seed}</svg>`],
    ["report.html", `<p>${seed}`.repeat(1000)],
    ["weights/bn@0.safetensors", new TextEncoder().encode(String(seed))],
  ]);
}
