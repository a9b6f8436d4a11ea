// Writes a language's file (src/text/languages) as it should be: every template of the sources that people read, with its
// translation or, where there is none yet, its English. `npm run messages -- de`
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "oxc-parser";

/** The tags of templates that people read, and whether a text has something to translate. */
const TAGS = new Set(["t", "html", "markdown", "screen", "textExpr", "xml"]);
const hasWords = (text) => /\p{L}/u.test(text.replace(/<[^>]*>|&\w+;|\{\d+\}/g, " "));

/** Every template of a project's sources that people read, sorted. */
export function messagesOf(project) {
  const root = join(project, "src");
  const found = new Set();
  const files = readdirSync(root, { recursive: true }).filter((name) => /(?<!\.d)\.ts$/.test(name));
  for (const file of files.filter((name) => !name.startsWith("kernel"))) {
    const visitor = new Visitor({
      TaggedTemplateExpression({ tag, quasi }) {
        if (tag.type !== "Identifier" || !TAGS.has(tag.name)) return;
        const key = quasi.quasis.reduce(
          (before, { value }, i) => `${before}${i === 0 ? "" : `{${i - 1}}`}${value.cooked}`,
          "",
        );
        if (hasWords(key)) found.add(key);
      },
    });
    visitor.visit(parseSync(file, readFileSync(join(root, file), "utf8")).program);
  }
  return [...found].sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [code] = process.argv.slice(2);
  if (!/^[\w-]+$/.test(code ?? "")) throw new Error("name a language by its code: npm run messages -- de");
  const project = fileURLToPath(new URL("..", import.meta.url));
  const file = join(project, "src/text/languages", `${code}.json`);
  const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const entries = messagesOf(project).map((english) => [english, known[english] ?? english]);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}
