// The child process of peers.mjs: loads one engine, keeps its arms, and times a burst of one of them when asked.
import { loadEngine } from "../build/engines/registry.js";
import { openArm } from "./arms.mjs";

const arms = [];
let loaded;

async function answer({ engine, backend, options, arm, dispose }) {
  if (engine !== undefined) {
    loaded = (await loadEngine(engine, backend)).engine;
    return { info: loaded.info };
  }
  if (options !== undefined) return { arm: arms.push(openArm(loaded, options)) - 1 };
  if (dispose) {
    for (const one of arms.splice(0)) one.dispose();
    return {};
  }
  return { ms: arms[arm].measure() };
}

process.on("message", async (question) => {
  try {
    process.send(await answer(question));
  } catch (error) {
    if (question.engine === undefined) process.send({ error: error.message });
    else process.send({ failed: reasonOf(error) });
  }
});

/** The engine's own words: its error has a heading, a line a backend, and advice. */
function reasonOf(error) {
  const [first, second] = error.message.split("\n");
  return (second ?? first).trim();
}
