import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Every package that `npm install bn-compare` brings, on any system, as the lockfile of that folder says: optional ones
 * too, but neither development dependencies nor peers. One entry a version.
 */
export function shippedPackages(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  const shipped = new Map();
  for (const [path, { version, license, dev, devOptional, peer }] of Object.entries(packages)) {
    if (path === "" || dev || devOptional || peer) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    shipped.set(`${name}@${version}`, { name, version, license });
  }
  return [...shipped.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
