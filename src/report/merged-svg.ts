/** From one frame to the next, and further time for the last one, s. */
const PACE = 0.8;
const HOLD = 2.4;

/** What makes one drawing of several: what differs between them is shown in turn, and the last one where nothing moves. */
export function motionRules(frames: number): string {
  const whole = frames * PACE + HOLD;
  const rules = Array.from({ length: frames }, (_, place) => {
    // Negative: it has been moving for as long as is left of the round before.
    const [delay, length] = [place * PACE - whole, place + 1];
    const end = (100 * length * PACE) / whole;
    return `[data-at~=s${place}]{animation-delay:${delay.toFixed(1)}s}[data-at~=l${length}]{animation-name:l${length}}@keyframes l${length}{0%{opacity:1}${end.toFixed(3)}%{opacity:0}}`;
  });
  const last = `[data-at~=z]{opacity:1}${Array.from({ length: frames }, (_, place) => {
    const end = (100 * ((frames - place) * PACE + HOLD)) / whole;
    return `[data-at~=z][data-at~=s${place}]{animation-name:z${place}}@keyframes z${place}{0%{opacity:1}${end.toFixed(3)}%{opacity:0}}`;
  }).join("")}`;
  const base = `[data-at]{opacity:0;animation:l1 ${whole.toFixed(1)}s step-end infinite}`;
  return `${base}${rules.join("")}${last}@media(prefers-reduced-motion:reduce){[data-at]{animation:none}}`;
}

/** Drawings of one spec as one: what all have is there once. */
export function merged(drawings: readonly string[]): string {
  return mergedNodes(drawings.map((drawing) => [parsed(drawing)]));
}

interface Node {
  readonly start: string;
  /** Undefined of an element that is shown or not as a whole. */
  readonly inner?: readonly Node[];
  readonly text: string;
}

function mergedNodes(all: readonly (readonly Node[])[]): string {
  const [first = []] = all;
  if (all.some((nodes) => nodes.length !== first.length)) return inTurn(all.map((nodes) => textOf(nodes)));
  return first
    .map((node, place) => {
      const own = all.flatMap((nodes) => nodes[place] ?? []);
      if (own.every(({ text }) => text === node.text)) return node.text;
      if (own.every(({ start, inner }) => start === node.start && inner !== undefined))
        return `${node.start}${mergedNodes(own.map(({ inner = [] }) => inner))}</${nameOf(node.start)}>`;
      return inTurn(own.map(({ text }) => text));
    })
    .join("");
}

/** Each text for as long as it stays the same. */
function inTurn(texts: readonly string[]): string {
  const parts: string[] = [];
  for (let from = 0; from < texts.length; ) {
    let to = from;
    while (to < texts.length && texts[to] === texts[from]) to += 1;
    const last = to === texts.length ? " z" : "";
    if (texts[from] !== "") parts.push(`<g data-at="s${from} l${to - from}${last}">${texts[from]}</g>`);
    from = to;
  }
  return parts.join("");
}

// Attributes and texts of a drawing hold no "<" and no ">", so these are its tags and what is between them.
const PIECE = /<[^>]+>|[^<]+/g;

function parsed(svg: string): Node {
  const pieces = svg.match(PIECE) ?? [];
  let at = 0;
  const read = (): Node => {
    const start = pieces[at] ?? "";
    at += 1;
    if (!start.startsWith("<") || start.endsWith("/>")) return { start, text: start };
    const inner: Node[] = [];
    while (at < pieces.length && !pieces[at]?.startsWith("</")) inner.push(read());
    const end = pieces[at] ?? "";
    at += 1;
    const text = `${start}${textOf(inner)}${end}`;
    // A text stays whole, since it cannot hold groups.
    return nameOf(start) === "text" ? { start, text } : { start, inner, text };
  };
  return read();
}

function textOf(nodes: readonly Node[]): string {
  return nodes.map(({ text }) => text).join("");
}

function nameOf(start: string): string {
  return /^<([\w:]+)/.exec(start)?.[1] ?? "";
}
