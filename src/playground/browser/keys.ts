/** Where an element answers to keys itself. */
const OWN_ARROWS = "input, select, textarea, canvas.drawing";
const OWN_SPACE = `${OWN_ARROWS}, button, summary, a`;

/** What the page's own keys do, by their names, wherever no element in focus has a use for them. */
export function listenToKeys(acts: Readonly<Record<string, () => void>>): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined;
    const users = event.key === " " ? OWN_SPACE : OWN_ARROWS;
    if (act === undefined || (event.target instanceof Element && event.target.closest(users) !== null)) return;
    act();
    event.preventDefault();
  });
}
