/** What a specification promises its readers: positions are fields of tables, on scales that Vega-Lite makes. */

type Json = { readonly [key: string]: unknown };

const POSITIONS = ["x", "y", "x2", "y2", "xOffset", "yOffset"] as const;

/** A mark with the encoding that holds for it, its own and its parents'. */
interface Mark {
  readonly type: string;
  readonly encoding: Readonly<Record<string, Json | null>>;
  readonly data: unknown;
}

/** Every mark of a specification, however deep. */
export function marksOf(
  spec: Json,
  parent: Pick<Mark, "encoding" | "data"> = { encoding: {}, data: undefined },
): Mark[] {
  const encoding = { ...parent.encoding, ...(spec["encoding"] as Mark["encoding"] | undefined) };
  const data = spec["data"] ?? parent.data;
  const children = ["layer", "vconcat", "hconcat", "concat"].flatMap((key) => (spec[key] as Json[] | undefined) ?? []);
  const inner = spec["spec"] as Json | undefined;
  const own = spec["mark"] as string | Json | undefined;
  return [
    ...(own === undefined ? [] : [{ type: typeof own === "string" ? own : String(own["type"]), encoding, data }]),
    ...[...children, ...(inner === undefined ? [] : [inner])].flatMap((child) => marksOf(child, { encoding, data })),
  ];
}

/** Marks that carry data; rules, ticks and texts around them may stand at a datum. */
const CARRIERS = new Set(["line", "area", "point", "bar", "rect", "tick", "circle", "square"]);

/** Where a specification breaks the promise, in words. */
export function faultsOf(spec: Json): string[] {
  return marksOf(spec).flatMap(({ type, encoding }) => {
    const positions = POSITIONS.flatMap((channel) => {
      const definition = encoding[channel];
      return definition === undefined || definition === null ? [] : [{ channel, definition }];
    });
    const fields = positions.filter(({ definition }) => "field" in definition);
    const carries = CARRIERS.has(type) && fields.length === 0 ? [`${type}: no position is a field`] : [];
    return [
      ...carries,
      ...positions.flatMap(({ channel, definition }) => {
        const where = `${type}, ${channel}`;
        const scale = definition["scale"] as Json | null | undefined;
        return [
          ...("value" in definition ? [`${where}: a position in px`] : []),
          ...(!("field" in definition || "datum" in definition) ? [`${where}: neither field nor datum`] : []),
          ...(CARRIERS.has(type) && "datum" in definition ? [`${where}: a datum in place of a field`] : []),
          ...(scale === null ? [`${where}: no scale`] : []),
          ...(scale?.["range"] !== undefined ? [`${where}: a range of its own`] : []),
        ];
      }),
    ];
  });
}
