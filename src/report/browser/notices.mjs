import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The licenses of the packages that left something in a bundle, as a comment at its end: each text once, below the
 * packages that it holds for. Throws where a package has no license file.
 */
export function noticesOf(inputs) {
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const packagesOf = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = licenseIn(folder);
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), `${name} ${version}`]);
  }
  const notices = [...packagesOf].map(([text, packages]) => `${packages.join(", ")}:\n\n${text}`);
  return `/*!\n${["This script contains the packages below.", ...notices].join("\n\n").replaceAll("*/", "* /")}\n*/\n`;
}

function licenseIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(-mit)?(\.(md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no license file, and its code would be in a bundle`);
  return readFileSync(join(folder, file), "utf8").replace(/\r\n/g, "\n").trim();
}
