/**
 * The same drawing in fewer characters, for a page that says once what an SVG file must say every time: shapes drawn
 * often are drawn once and used, and the font is the page's.
 */
export function slimSvg(svg: string, prefix: string): string {
  const bare = svg.replace(TAG, (tag) => (tag.startsWith("<svg") ? tag : tag.replace(NEEDLESS, "")));
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
    const id = ids.get(shape) ?? `${prefix}-shape-${ids.size + 1}`;
    ids.set(shape, id);
    return `<use href="#${id}" x="${x}" y="${y}"/>`;
  });
  const shapes = [...ids].map(([shape, id]) => `<${shape.replace(/^\w+/, (element) => `${element} id="${id}"`)}/>`);
  return shapes.length === 0 ? slim : slim.replace(/<\/desc>/, `</desc><defs>${shapes.join("")}</defs>`);
}

// Texts and attributes of a drawn chart hold no "<" and no ">", so these are its tags.
const TAG = /<[^/][^>]*>/g;
const NEEDLESS = / (?:class|font-family)="[^"]*"/g;
/** A shape at a place. */
const SHAPE = /<(path|line) transform="translate\((-?[\d.]+),(-?[\d.]+)\)"((?: [\w-]+="[^"]*")*)\/>/g;
