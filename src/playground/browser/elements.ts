/** An element that the page has. */
export function find<Found extends Element = HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

export function listen(selector: string, event: string, listener: (event: Event) => void): void {
  find(selector).addEventListener(event, listener);
}

/** Copies what an input holds, also where a page from a file has no clipboard. */
export async function copyFrom(input: HTMLInputElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    input.select();
    document.execCommand("copy");
  }
}
