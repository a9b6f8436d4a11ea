/** Compares the first two numbers of two versions. */
export function isBelow(version: string, limit: string): boolean {
  const [a, b] = [version, limit].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const major = (a[0] ?? 0) - (b[0] ?? 0);
  return major < 0 || (major === 0 && (a[1] ?? 0) < (b[1] ?? 0));
}
