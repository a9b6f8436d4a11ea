// Loaded into every thread and process of a command (NODE_OPTIONS=--import …): does one thing to one of them, named by
// MEDDLE. So that a test meets what else takes luck: a drawing that keeps the loop busy, a promise that nobody settles.
import { writeSync } from "node:fs";
import { isMainThread, MessagePort, workerData } from "node:worker_threads";

const inCommand = !isMainThread && workerData?.argv !== undefined;
const inArm = !isMainThread && !inCommand;

/**
 * Replaces the drawing of each picture. Vega is in the bundle, where nothing outside can name it: its View is the class that
 * is given a method `toSVG` when it is put together, a constructor first and then the methods, one assignment each.
 */
function whenDrawing(before) {
  const { defineProperty } = Object;
  const meddled = (toSVG) =>
    async function (...args) {
      await before();
      return toSVG.apply(this, args);
    };
  Object.defineProperty = (target, key, descriptor) => {
    if (key === "constructor") {
      defineProperty(target, "toSVG", {
        configurable: true,
        set: (toSVG) => void defineProperty(target, "toSVG", { value: meddled(toSVG), configurable: true }),
      });
    }
    return defineProperty(target, key, descriptor);
  };
}

/** When an arm first says how far it is. */
function whenTraining(then) {
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    if (message?.message?.update !== undefined) then();
    return postMessage.call(this, message, ...rest);
  };
}

/** Blocks this thread's loop. */
function block(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

const deeds = {
  /** The first picture takes longer than workers need to end. */
  "drawing is slow": () => {
    let pictures = 0;
    return inCommand && whenDrawing(() => pictures++ === 0 && block(2000));
  },
  "drawing never ends": () =>
    inCommand &&
    whenDrawing(() => {
      writeSync(2, "drawing\n");
      for (;;) block(1000);
    }),
  "drawing never settles": () => inCommand && whenDrawing(() => new Promise(() => {})),
  "drawing throws later": () =>
    inCommand &&
    whenDrawing(() => {
      setTimeout(() => {
        throw new Error("thrown where nobody catches");
      }, 0);
      return new Promise((resolve) => setTimeout(resolve, 5000));
    }),
  "a promise is rejected": () =>
    inCommand &&
    whenDrawing(() => {
      void Promise.reject(new Error("rejected where nobody waits"));
      return new Promise((resolve) => setTimeout(resolve, 5000));
    }),
  "the arm's thread ends": () => inArm && whenTraining(() => process.exit(7)),
  "the arm's heap is full": () =>
    inArm &&
    whenTraining(() => {
      const kept = [];
      for (;;) kept.push(new Array(100_000).fill(0.5));
    }),
};

await deeds[process.env["MEDDLE"]]?.();
