// `npm run --silent sbom > sbom.json`: a bill of materials of what the command brings, in CycloneDX's JSON, made from the
// lockfile without network. npm's own `--omit dev` also leaves out what a development dependency uses too (yaml and zod
// among others), so its whole list is filtered here.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shippedPackages } from "./shipped.mjs";

const folder = process.argv[2] ?? ".";
const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const shipped = new Map(shippedPackages(folder).map((entry) => [`${entry.name}@${entry.version}`, entry]));

const bill = JSON.parse(
  execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 << 20,
    env: { ...process.env, npm_config_offline: "true" },
  }),
);
const root = bill.metadata.component;
root.name = name;
const refs = new Set([root["bom-ref"], ...shipped.keys()]);
/** npm 10 lists a package once for each folder that it is in. */
const eachOnce = (entries, key) => [...new Map(entries.map((entry) => [entry[key], entry])).values()];
bill.components = eachOnce(bill.components, "bom-ref")
  .filter((component) => refs.has(component["bom-ref"]))
  .map((component) => {
    const { license } = shipped.get(component["bom-ref"]);
    return component.licenses === undefined && license !== undefined
      ? { ...component, licenses: [{ license: { id: license } }] }
      : component;
  });
bill.dependencies = eachOnce(bill.dependencies, "ref")
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
if (bill.components.length !== shipped.size) {
  throw new Error(`npm lists ${bill.components.length} of the ${shipped.size} packages that the lockfile has`);
}
console.log(JSON.stringify(bill, undefined, 2));
