import type { Clock } from "./clock.js";
import type { LayerLink } from "./layer-link.js";

/** After the last of several changes, ms: browsers refuse many in a row. */
const QUIET = 300;

/** Keeps what is shown in the address, as `#update=8&layer=layer+2`: it survives a reload, and can be passed on.
 * Reports whether there was nothing in it. */
export function keepInFragment(clock: Clock, link: LayerLink): { readonly isNew: boolean } {
  const state = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  const write = (key: string, value: string | null) => {
    const now = state();
    if (value === null) now.delete(key);
    else now.set(key, value);
    history.replaceState(null, "", now.size === 0 ? location.pathname : `#${now}`);
  };
  const follow = () => {
    const now = state();
    if (now.has("update")) clock.goTo(Number(now.get("update")));
    if (now.has("layer")) link.pin(now.get("layer"));
  };
  follow();
  const isNew = state().size === 0;
  window.addEventListener("hashchange", follow);
  let later: number | undefined;
  clock.watch((update) => {
    clearTimeout(later);
    later = window.setTimeout(() => write("update", String(update)), QUIET);
  });
  link.watchPinned((layer) => write("layer", layer));
  return { isNew };
}
