/** Throws unless the text is well-formed XML as far as elements, attributes and entities go; returns what it met. */
export function scanXml(xml: string): { attributes: { name: string; value: string }[]; texts: string[] } {
  const open: string[] = [];
  const attributes: { name: string; value: string }[] = [];
  const texts: string[] = [];
  let at = 0;
  const tags = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
  while (at < xml.length) {
    if (xml[at] !== "<") {
      const end = xml.indexOf("<", at);
      const text = xml.slice(at, end < 0 ? xml.length : end);
      if (open.length === 0 && text.trim() !== "") throw new Error(`text outside the root: ${text.slice(0, 40)}`);
      texts.push(checked(text));
      at += text.length;
      continue;
    }
    tags.lastIndex = at;
    const tag = tags.exec(xml);
    if (tag === null) throw new Error(`no tag at ${at}: ${xml.slice(at, at + 80)}`);
    const [all, closing, name = "", list = "", selfClosing] = tag;
    if (closing && open.pop() !== name) throw new Error(`</${name}> closes something else at ${at}`);
    if (!closing && !selfClosing) open.push(name);
    const names = new Set<string>();
    for (const [, key = "", value = ""] of list.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      if (names.has(key)) throw new Error(`${key} twice at ${at}`);
      names.add(key);
      attributes.push({ name: key, value: checked(value) });
    }
    at += all.length;
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(", ")}`);
  return { attributes, texts };
}

function checked(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|#x?[0-9A-Fa-f]+);)/.test(text)) throw new Error(`bare & in ${text.slice(0, 80)}`);
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) throw new Error("a character XML forbids");
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}
