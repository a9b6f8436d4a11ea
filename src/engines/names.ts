/** Engines by name, the default first. */
export const ENGINES = ["fused", "tfjs", "reference"] as const;
export type EngineName = (typeof ENGINES)[number];

/** Backends of the engine tfjs, the best first. */
export const BACKENDS = ["tensorflow", "wasm", "cpu"] as const;
export type BackendName = (typeof BACKENDS)[number];
