/** Where a result contradicts itself, and how. */
export interface ResultFault {
  readonly path: Path;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** The one fault, or none. */
export function when(isFault: boolean, path: Path, message: string): ResultFault[] {
  return isFault ? [{ path, message }] : [];
}
