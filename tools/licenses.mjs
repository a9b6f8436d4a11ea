// `npm run licenses`: the license of every package that the command brings, and a failure where one is not on the list
// below or states none.
import { shippedPackages } from "./shipped.mjs";

/** Allowed, each as a word of a license expression. MPL-2.0 is by file: its packages are used unchanged. */
const ALLOWED = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unlicense"];

const shipped = shippedPackages(process.argv[2] ?? ".");
for (const { name, version, license } of shipped) console.log(`${license ?? "none"}\t${name} ${version}`);
const refused = shipped.filter(({ license }) => !isAllowed(license));
if (refused.length > 0) {
  console.error(`not on the list in tools/licenses.mjs: ${refused.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}

/** `MIT`, `(MIT OR GPL-3.0)`, `Apache-2.0 AND MIT`; anything more complicated is for a person to read. */
function isAllowed(expression) {
  if (expression === undefined) return false;
  const words = expression.replace(/^\((.*)\)$/, "$1");
  if (words.includes(" OR ") && words.includes(" AND ")) return false;
  return words.includes(" OR ") ? words.split(" OR ").some(isOnList) : words.split(" AND ").every(isOnList);
}

function isOnList(license) {
  return ALLOWED.includes(license.trim());
}
