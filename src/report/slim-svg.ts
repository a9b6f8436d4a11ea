/**
 * The same drawing in fewer characters, for a page that says once what an SVG file must say every time: shapes drawn
 * often are drawn once and used, the font is the page's, and steps along an axis name one place.
 */
export function slimSvg(svg: string, prefix: string): string {
  const bare = svg
    .replace(UNSEEN, "")
    .replace(TAG, (tag) =>
      tag.startsWith("<svg")
        ? tag
        : tag.replace(NEEDLESS, "").replace(LINE, (_, path: string) => ` d="${shortened(path)}"`),
    );
  const counts = new Map<string, number>();
  for (const [, element, , , rest] of bare.matchAll(SHAPE)) {
    const shape = `${element}${rest}`;
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const ids = new Map<string, string>();
  const slim = bare.replace(SHAPE, (tag, element: string, x: string, y: string, rest: string) => {
    const shape = `${element}${rest}`;
    // A shape and its use are longer than two shapes.
    if ((counts.get(shape) ?? 0) < 3) return tag;
    const id = ids.get(shape) ?? `${prefix}.${ids.size + 1}`;
    ids.set(shape, id);
    return `<use href="#${id}" x="${x}" y="${y}"/>`;
  });
  const shapes = [...ids].map(([shape, id]) => `<${shape.replace(/^\w+/, (element) => `${element} id="${id}"`)}/>`);
  return shapes.length === 0 ? slim : slim.replace(/<\/desc>/, `</desc><defs>${shapes.join("")}</defs>`);
}

// Texts and attributes of a drawn chart hold no "<" and no ">", so these are its tags.
const TAG = /<[^/][^>]*>/g;
/** The page's style knows pixels of images by their class. */
const NEEDLESS =
  / (?:class="(?![^"]* pixels)[^"]*"|(?:font-family|pointer-events)="[^"]*"|opacity="1"|transform="translate\(0,0\)")/g;
/** Ticks that a scale hides, lines without points, and labels that are empty. */
const UNSEEN = /<(?:path|line)(?:(?= [^>]*(?<=\s)opacity="0")|(?![^>]* (?:d|x2|y2)="))[^>]*\/>|<text [^>]*><\/text>/g;
/** A shape at a place. */
const SHAPE = /<(path|line) transform="translate\((-?[\d.]+),(-?[\d.]+)\)"((?: [\w-]+="[^"]*")*)\/>/g;
/** A path of straight lines alone. */
const LINE = / d="(M-?[\d.]+,[-\d.,MLZ]*)"/g;

/** Steps along one axis say the other place once. Distances would be shorter, but browsers add them up inexactly. */
function shortened(path: string): string {
  let [x, y] = ["", ""];
  return (path.match(/[MLZ][^MLZ]*/g) ?? [])
    .map((step) => {
      if (step.startsWith("Z")) return "Z";
      const [to = "", down = ""] = step.slice(1).split(",");
      const kind = step.startsWith("M") ? "" : down === y ? "H" : to === x ? "V" : "";
      [x, y] = [to, down];
      if (kind === "H") return `H${to}`;
      return kind === "V" ? `V${down}` : step;
    })
    .join("");
}
