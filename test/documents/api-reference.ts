import { readFileSync } from "node:fs";

const SOURCES = new URL("../../src/", import.meta.url);
const source = (path: string) => readFileSync(new URL(path, SOURCES), "utf8");

/** What an entry of the package exports, in Markdown: each function and type with its declaration and its doc comment. */
export function apiReference(entry: string): string {
  const text = source(entry);
  const exported = [...text.matchAll(/^export (type )?\{ ([^}]+) \} from "\.\/([^"]+)\.js";$/gm)].flatMap(
    ([, onlyTypes, names = "", path = ""]) =>
      names.split(", ").map((name) => ({
        name: name.replace(/^type /, ""),
        isType: onlyTypes !== undefined || name.startsWith("type "),
        text: source(`${path}.ts`),
      })),
  );
  const own = [...text.matchAll(/^export async function (\w+)/gm)].map(([, name = ""]) => ({
    name,
    isType: false,
    text,
  }));
  const entries = [...own, ...exported].sort((a, b) => Number(a.isType) - Number(b.isType));
  return entries.map(({ name, text }) => entryOf(name, text)).join("\n\n");
}

function entryOf(name: string, text: string): string {
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n/.source;
  const found = new RegExp(`${comment}export (?:async )?(?:function|interface|type|class|const) ${name}\\b`).exec(text);
  if (found === null) throw new Error(`${name} has no declaration with a doc comment`);
  const start = found.index + found[0].indexOf("export");
  const words = (found[1] ?? "").replace(/^\s*\* ?/gm, "").trim();
  return `### ${name}\n\n${words}\n\n\`\`\`ts\n${declaration(text.slice(start))}\n\`\`\``;
}

/** From its keyword to the end of its type: of a function without its body, of a long type or class its first line. */
function declaration(text: string): string {
  const plain = text.replace(/^export (?:async )?/, "");
  if (/^(?:interface)/.test(plain)) return plain.slice(0, plain.indexOf("\n}") + 2);
  if (/^(?:class)/.test(plain))
    return `${plain.slice(0, plain.indexOf(" {"))} { readonly lines: readonly string[]; … }`;
  if (/^type/.test(plain)) return plain.slice(0, plain.indexOf(";\n") + 1);
  return plain.slice(0, /^[\s\S]*?\)(?=: )[^\n]*?(?= \{\n)/.exec(plain)?.[0].length ?? 0);
}
