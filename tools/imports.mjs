// The rooms of src/ stand in one order (docs/architecture.md): nothing imports from a room further on, and no file imports
// itself by way of others, types included.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const project = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const root = join(project, "src");

/** The rooms' order as the table in docs/architecture.md has it: the first column of every row. */
function documentedOrder() {
  const text = readFileSync(join(project, "docs/architecture.md"), "utf8");
  return [...text.matchAll(/^\| `([\w-]+)\/` \|/gm)].map(([, room]) => room);
}

/** What every room may import: errors, and reading what is given. */
const COMMON = /^(?:errors|problems|input-file|input-json|version)\.ts$/;

const files = readdirSync(root, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && !name.startsWith("kernel/"));

/** The files of src/ that a file imports, with or without types, at once or later. */
function importsOf(file) {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = text.matchAll(
    /^(?:import|export)\b[^;"]*?\bfrom "(\.[^"]+)"|^import "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm,
  );
  return [...specifiers]
    .map(([, from, bare, later]) =>
      relative(root, resolve(root, dirname(file), from ?? bare ?? later)).replaceAll("\\", "/"),
    )
    .map((target) => target.replace(/\.js$/, ".ts"))
    .filter((target) => files.includes(target));
}

/** Sets of files that import one another, by Tarjan 1972. */
function circles(graph) {
  const [index, low, stack, found] = [new Map(), new Map(), [], []];
  const visit = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const next of graph.get(node)) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const members = stack.splice(stack.indexOf(node));
    if (members.length > 1 || graph.get(node).includes(node)) found.push(members);
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

const order = documentedOrder();
const graph = new Map(files.map((file) => [file, importsOf(file)]));
const roomOf = (file) => (file.includes("/") ? file.split("/")[0] : undefined);
const unknown = [...new Set(files.map(roomOf))].filter((room) => room !== undefined && !order.includes(room));
const faults = [
  ...unknown.map((room) => `src/${room}/ is not in the table of docs/architecture.md`),
  ...circles(graph).map((members) => `these import one another: ${members.sort().join(", ")}`),
  ...[...graph].flatMap(([file, targets]) =>
    targets
      .filter((target) => {
        if (COMMON.test(target) || roomOf(file) === undefined) return false;
        return roomOf(target) === undefined || order.indexOf(roomOf(target)) > order.indexOf(roomOf(file));
      })
      .map((target) => `src/${file} imports src/${target}, which is further on`),
  ),
];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
