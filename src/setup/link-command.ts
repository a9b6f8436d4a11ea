import { chmodSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/*
 * Run by `prepare` in the repository: lets `npx bn-compare` find the command where npx looks first. Without the link npx
 * installs the repository into its own cache before it runs it, and that builds everything a second time.
 */
const root = new URL("../../", import.meta.url);
const command = fileURLToPath(new URL("dist/main.js", root));
const link = fileURLToPath(new URL("node_modules/.bin/bn-compare", root));
chmodSync(command, 0o755);
if (process.platform !== "win32" && !existsSync(link)) {
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync("../../dist/main.js", link);
}
