export function runOf(seed: number | string): Map<string, string | Uint8Array>;
