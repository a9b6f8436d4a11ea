/** After the last of several changes, ms: browsers refuse many in a row. */
const QUIET = 300;

/** What is shown, by name, as the address keeps it: `#update=8&layer=layer+2` survives a reload, and can be passed on. */
export interface PageState {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, value: string | undefined) => void;
  /** Hears of every change, made on the page or in the address. */
  readonly watch: (key: string, listener: (value: string | undefined) => void) => void;
}

export function makeState(): PageState {
  const listeners = new Map<string, ((value: string | undefined) => void)[]>();
  const values = new Map(inAddress());
  let later: number | undefined;
  const write = () => {
    const text = new URLSearchParams([...values]).toString();
    history.replaceState(null, "", text === "" ? location.pathname : `#${text}`);
  };
  /** Whether that was a change. */
  const put = (key: string, value: string | undefined): boolean => {
    if (values.get(key) === value) return false;
    if (value === undefined) values.delete(key);
    else values.set(key, value);
    for (const listener of listeners.get(key) ?? []) listener(value);
    return true;
  };
  window.addEventListener("hashchange", () => {
    const now = inAddress();
    // A link to a section says nothing of what is shown.
    if (now === undefined) return;
    for (const key of new Set([...values.keys(), ...now.keys()])) put(key, now.get(key));
  });
  return {
    get: (key) => values.get(key),
    set(key, value) {
      if (!put(key, value)) return;
      clearTimeout(later);
      later = window.setTimeout(write, QUIET);
    },
    watch: (key, listener) => void listeners.set(key, [...(listeners.get(key) ?? []), listener]),
  };
}

function inAddress(): Map<string, string> | undefined {
  return location.hash.includes("=") ? new Map(new URLSearchParams(location.hash.slice(1))) : undefined;
}
