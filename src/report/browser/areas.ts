/** A mark that has a tooltip, as Vega's scenegraph holds it. */
export interface Area {
  /** What is said about it; the first line is its heading. */
  readonly tooltip: string;
  readonly datum: { readonly layer_name?: string };
  /** Its element in the drawing. */
  readonly _svg?: Element;
}

interface SceneMark {
  readonly name?: string;
  readonly items?: readonly SceneItem[];
}

interface SceneItem extends Partial<Area> {
  /** Marks of a group. */
  readonly items?: readonly SceneMark[];
}

/** The areas that a keyboard goes through, in the order in which the spec draws them: the marks named "areas…". */
export function areasOf(scene: object): Area[] {
  // Vega's types do not have what its scenegraph starts with.
  return areasIn((scene as { readonly root: SceneMark }).root);
}

function areasIn(root: SceneMark): Area[] {
  const isArea = root.name?.includes("areas") ?? false;
  return (root.items ?? []).flatMap((item) => [
    ...(isArea && hasTooltip(item) ? [item] : []),
    ...(item.items ?? []).flatMap((mark) => (typeof mark === "object" ? areasIn(mark) : [])),
  ]);
}

export function hasTooltip(item: unknown): item is Area {
  return typeof (item as Partial<Area> | null | undefined)?.tooltip === "string";
}
