import type { Settings } from "../../config/keys.js";
import { numberText } from "../../text/numbers.js";
import { PRESETS } from "../presets.js";
import type { Frame, Rate, Scene } from "../session.js";
import {
  changed,
  commandOf,
  fragmentOf,
  jobFor,
  POINTS_FILE,
  type Reading,
  readCommand,
  readFragment,
  START,
  type State,
  withGeneratedPoints,
} from "../state.js";
import {
  type Drawing,
  drawByLayer,
  drawCosts,
  drawFit,
  drawLayers,
  layersHeight,
  type Mode,
  type Shown,
} from "./charts.js";
import { comparedText, recordedDigests } from "./compare.js";
import { makeDrawing } from "./drawing.js";
import { copyFrom, find, listen } from "./elements.js";
import { type History, makeHistory } from "./history.js";
import { listenToKeys } from "./keys.js";
import { makeKnobs } from "./knobs.js";
import { showLesson } from "./lesson.js";
import type { Look } from "./pen.js";
import { makeTrainer } from "./trainer.js";
import { describe } from "./words.js";

/** Updates per second; 0: as many as the machine makes. */
const SPEEDS = [1, 5, 20, 60, 300, 0] as const;
const USUAL_SPEED = 60;
/** Training between two pictures should take the workers about so long, ms. */
const AT_ONCE = 20;
const MOST_AT_ONCE = 1000;
/** After the last change, ms: browsers refuse many changes of an address in a row. */
const QUIET = 300;
/** Between two texts that say what the charts show, ms. */
const BETWEEN_TEXTS = 500;
/** Between two looks at whether an update is reached, ms. */
const BETWEEN_LOOKS = 30;

const PLAIN_DASH = [9, 3, 2, 3];

const trainer = makeTrainer();
const canvases = { fit: canvas("fit"), costs: canvas("costs"), layers: canvas("layers"), byLayer: canvas("by-layer") };
const knobs = makeKnobs([...document.querySelectorAll<HTMLElement>(".knobs")], turn);

let state: State = START;
let job = jobFor(state);
let rates: readonly Rate[] = [];
let scene: Scene | undefined;
let frames: readonly Frame[] = [];
let histories: readonly History[] = [];
let mode: Mode = "inference";
/** The update that is shown, and the one that it is on the way to. */
let at = 0;
let target = 0;
let isPlaying = false;
let speed: number = USUAL_SPEED;
let stride = 1;
/** When the clock of the training was started, and the update that it started at. */
let since = { time: 0, update: 0 };
let isBusy = false;
let isStale = true;
/** The state cannot be trained here; another one may. */
let isBroken = false;
let isDrawn = false;
let drawing: Drawing | undefined;
let lastText = 0;

function canvas(id: string): HTMLCanvasElement {
  return find<HTMLCanvasElement>(`#${id} canvas`);
}

/** Takes a state that can be trained; the update stays where it is, unless the training is running. */
function enter(next: State): void {
  state = next;
  job = jobFor(state);
  rates = [{ from: 0, rate: state.settings.learningRate }, ...(state.rates ?? [])];
  target = isPlaying ? 0 : Math.min(Math.max(at, target), end());
  isStale = true;
  isBroken = false;
  showState();
  wake();
}

const end = () => job.schedule.updates;

function accept(reading: Reading): boolean {
  const isRead = "state" in reading;
  showProblems(isRead ? [] : reading.problems);
  find("#command .notes").textContent = isRead ? reading.notes.join("; ") : "";
  if (isRead) enter(reading.state);
  else showState();
  return isRead;
}

function turn(changes: Settings): void {
  const { learningRate } = changes;
  // At rest or playing in the midst of a run; on the way to another update it is the run's own rate.
  const isMidway = at > 0 && at < end() && (isPlaying || at === target);
  if (learningRate !== undefined && isMidway && "state" in changed(state, changes)) {
    rates = [...rates.filter(({ from }) => from < at), { from: at, rate: learningRate }];
    state = { ...state, rates: rates.slice(1) };
    for (const { forgetAfter } of histories) forgetAfter(at);
    target = at;
    showProblems([]);
    showState();
    wake();
  } else accept(changed(state, changes));
}

/** Everything but the charts. */
function showState(): void {
  const rate = rates.at(-1)?.rate ?? state.settings.learningRate;
  knobs({ ...state.settings, learningRate: rate }, end());
  find<HTMLInputElement>("#command input").value = commandOf(state);
  const changes = rates.slice(1).map(({ from, rate }) => `to ${numberText(rate)} at update ${from}`);
  if (changes.length > 0)
    find("#command .notes").textContent =
      `The learning rate was changed ${changes.join(", ")}. The page's address keeps these changes; the command has only the first rate.`;
  find<HTMLTextAreaElement>("#points textarea").value = state.points ?? "";
  find<HTMLButtonElement>("#points .back").disabled = state.points === undefined;
  find<HTMLButtonElement>("#points .save").disabled = state.points === undefined;
  find<HTMLInputElement>(".bar input").max = String(end());
  clearTimeout(later);
  later = window.setTimeout(() => {
    const fragment = fragmentOf(state);
    history.replaceState(null, "", fragment === "" ? location.pathname : `#${fragment}`);
  }, QUIET);
}
let later: number | undefined;

function showProblems(problems: readonly string[]): void {
  const items = problems.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  });
  find("ul.problems").replaceChildren(...items);
}

/** Asks the workers for what is due, unless they are at work. */
async function work(): Promise<void> {
  if (isBusy || isBroken) return;
  if (isPlaying && !isStale) target = Math.min(end(), dueNow());
  if (!isStale && target === at && frames.length > 0) return;
  isBusy = true;
  try {
    if (isStale) {
      isStale = false;
      [at, frames, stride] = [0, [], 1];
      const ofJob = job;
      const started = await trainer.start(ofJob);
      scene = started;
      find<HTMLButtonElement>("#points .draw").disabled = false;
      histories = Object.keys(ofJob.arms).map(makeHistory);
      since = { time: performance.now(), update: 0 };
    }
    const next = target > at ? Math.min(target, at + stride) : target;
    const ofRates = rates;
    const seen = await trainer.show(next, ofRates);
    if (!isStale && ofRates === rates) {
      at = next;
      frames = seen;
      for (const [place, frame] of seen.entries())
        for (const cost of [...frame.passed, frame]) histories[place]?.add(cost);
      const slowest = Math.max(...seen.map(({ perUpdate }) => perUpdate));
      if (slowest > 0) stride = Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(AT_ONCE / slowest)));
    }
    if (isPlaying && at === end()) play(false);
  } catch (error) {
    isBroken = !isStale;
    play(false);
    showProblems([`not trained: ${error instanceof Error ? error.message : String(error)}`]);
    target = at;
  } finally {
    isBusy = false;
  }
  wake();
}

/** The update that the chosen speed asks for by now. */
function dueNow(): number {
  if (speed === 0) return at + stride;
  return Math.max(at, since.update + Math.floor(((performance.now() - since.time) * speed) / 1000));
}

let isAwake = false;

/** One picture for each of the screen's, while there is something new. */
function wake(isNew = true): void {
  isDrawn &&= !isNew;
  if (isAwake) return;
  isAwake = true;
  requestAnimationFrame(() => {
    isAwake = false;
    // The workers train while this thread draws.
    void work();
    if (!isDrawn) draw();
    if (isPlaying) wake(false);
  });
}

function draw(): void {
  isDrawn = true;
  find<HTMLInputElement>(".bar input").value = String(at);
  find("output").textContent = `update ${at} of ${end()}`;
  const shown = shownNow();
  if (shown === undefined) return;
  const layers = shown.arms[0]?.frame.layers.length ?? 0;
  const size = Number.parseFloat(getComputedStyle(canvases.layers).fontSize);
  const height = `${layersHeight(layers, size)}px`;
  if (canvases.layers.style.height !== height) canvases.layers.style.height = height;
  drawFit(canvases.fit, shown);
  drawCosts(canvases.costs, shown);
  drawLayers(canvases.layers, shown);
  drawByLayer(canvases.byLayer, shown);
  const now = performance.now();
  if (isPlaying && now - lastText < BETWEEN_TEXTS) return;
  lastText = now;
  describe(shown, isPlaying);
}

function shownNow(): Shown | undefined {
  if (scene === undefined || frames.length === 0) return undefined;
  const style = getComputedStyle(document.documentElement);
  const names = Object.keys(job.arms);
  const arms = frames.map((frame, place) => {
    const look: Look =
      place === 0
        ? { name: names[0] ?? "", color: style.getPropertyValue("--plain"), dash: PLAIN_DASH }
        : { name: names[place] ?? "", color: style.getPropertyValue("--normalized"), dash: [] };
    return { look, frame, costs: histories[place]?.costs ?? [] };
  });
  return { settings: state.settings, scene, arms, mode, at, end: end(), ...(drawing === undefined ? {} : { drawing }) };
}

function play(isOn: boolean): void {
  // At the end it plays from the start.
  if (isOn && at === end()) at = 0;
  isPlaying = isOn;
  target = at;
  since = { time: performance.now(), update: at };
  find(".bar .play").textContent = isOn ? "Pause" : "Play";
  wake();
}

function goTo(update: number): void {
  if (isPlaying) play(false);
  target = Math.min(end(), Math.max(0, update));
  wake();
}

/** From where the page is on its way to: keys may come faster than updates. */
function step(updates: number): void {
  goTo((isPlaying ? at : target) + updates);
}

listen(".bar .play", "click", () => play(!isPlaying));
listen(".bar .back", "click", () => step(-1));
listen(".bar .step", "click", () => step(1));
listen(".bar input", "input", ({ target }) => goTo(Number((target as HTMLInputElement).value)));
const speeds = find<HTMLSelectElement>(".speed");
speeds.append(
  ...SPEEDS.map((each) => new Option(each === 0 ? "as fast as possible" : `${each} updates/s`, String(each))),
);
speeds.value = String(USUAL_SPEED);
speeds.addEventListener("change", () => {
  speed = Number(speeds.value);
  since = { time: performance.now(), update: at };
});
listen(".mode", "change", ({ target }) => {
  mode = (target as HTMLSelectElement).value === "training" ? "training" : "inference";
  wake();
});
listen(".bar .large", "click", () => {
  const isLarge = document.documentElement.classList.toggle("large");
  find(".bar .large").setAttribute("aria-pressed", String(isLarge));
  wake();
});

listenToKeys({
  " ": () => play(!isPlaying),
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  Home: () => goTo(0),
  End: () => goTo(end()),
});

const command = find<HTMLInputElement>("#command input");
command.addEventListener("change", () => accept(readCommand(command.value, state.points)));
listen("#command button", "click", async () => {
  command.value = commandOf(state);
  await copyFrom(command);
  find("#command .notes").textContent =
    `Copied${rates.length > 1 ? ", with the first learning rate" : ""}.${state.points === undefined ? "" : ` It reads ${POINTS_FILE}: save the file below.`}`;
});

const area = find<HTMLTextAreaElement>("#points textarea");
listen("#points .use", "click", () => accept(changed(state, { data: POINTS_FILE }, area.value)));
const draws = makeDrawing(canvases.fit, {
  begin: () => (scene?.inputs === 1 ? { scene, points: state.points === undefined ? [] : pairsOf(scene) } : undefined),
  show(next, isWhole) {
    drawing = next;
    const points = next?.points ?? [];
    // A single point has no range that axes could show.
    if (isWhole && points.length > 1)
      accept(changed(state, { data: POINTS_FILE }, points.map((point) => point.join(",")).join("\n")));
    wake();
  },
});
listen("#points .draw", "click", ({ target }) => {
  const button = target as HTMLElement;
  const isOn = draws(button.getAttribute("aria-pressed") !== "true");
  button.setAttribute("aria-pressed", String(isOn));
});

function pairsOf({ x, y }: Scene): [number, number][] {
  return Array.from(x, (value, i) => [value, y[i] ?? 0]);
}

listen("#points .back", "click", () => enter(withGeneratedPoints(state)));
listen("#points .save", "click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([state.points ?? ""], { type: "text/csv" }));
  link.download = POINTS_FILE;
  link.click();
  URL.revokeObjectURL(link.href);
});

/** Waits until an update is shown. Throws where the page is sent elsewhere on the way. */
async function arrival(update: number): Promise<readonly Frame[]> {
  while (isStale || frames.length === 0 || at !== update) {
    if (isBroken || (!isPlaying && target !== update)) throw new Error("The training was stopped.");
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS));
  }
  return frames;
}

listen("#compare input", "change", async (event) => {
  const [file] = (event.target as HTMLInputElement).files ?? [];
  if (file === undefined) return;
  const verdict = find("#compare .verdict");
  try {
    const recorded = recordedDigests(await file.text());
    verdict.textContent = "training …";
    goTo(end());
    await arrival(end());
    const trained = await trainer.digests();
    verdict.textContent = comparedText(Object.keys(job.arms), recorded, trained, end());
  } catch (error) {
    verdict.textContent = `Not compared: ${error instanceof Error ? error.message : String(error)}`;
  }
});

for (const { name, line, comment } of PRESETS) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = name;
  button.addEventListener("click", () => {
    find("#presets .comment").textContent = comment;
    start(line);
  });
  find("#presets .row").append(button);
}

/** Sets the page to a line and plays it from the start. */
function start(line: string): void {
  at = target = 0;
  if (accept(readCommand(line))) play(true);
}

showLesson(find("#lesson div"), async ({ line, update }) => {
  if (update === undefined) start(line);
  else {
    if (isPlaying) play(false);
    accept(readCommand(line));
    goTo(update);
  }
  const [plain, bn] = await arrival(update ?? end());
  if (plain === undefined || bn === undefined) throw new Error("Both nets are needed here.");
  return { plain, bn };
});

window.addEventListener("hashchange", () => accept(readFragment(location.hash.slice(1))));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => wake());
new ResizeObserver(() => wake()).observe(find("#stage"));
if (!accept(readFragment(location.hash.slice(1)))) enter(START);
