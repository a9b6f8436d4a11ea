// Engines side by side, each in a process of its own: TensorFlow.js has one backend a process, and no engine then pays
// for another's heap. Only one of them works at a time.
import { fork } from "node:child_process";
import { once } from "node:events";

/** The fused engine first: everything is compared with it. */
export const ENGINES = [
  { name: "fused", engine: "fused" },
  { name: "tfjs tensorflow", engine: "tfjs", backend: "tensorflow" },
  { name: "tfjs wasm", engine: "tfjs", backend: "wasm" },
  { name: "tfjs cpu", engine: "tfjs", backend: "cpu" },
  { name: "reference", engine: "reference" },
];

/** Starts an engine's process. `{ failed }` says in one line why it did not load. */
export async function openPeer({ name, engine, backend }) {
  const child = fork(new URL("engine-process.mjs", import.meta.url), [], { serialization: "advanced" });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the process of ${name} ended with code ${code}`);
  });
  // Closing ends the process while nobody waits for an answer.
  ended.catch(() => {});
  const ask = async (question) => {
    child.send(question);
    const [answer] = await Promise.race([once(child, "message"), ended]);
    return answer;
  };
  const close = () => child.disconnect();
  const { failed, info } = await ask({ engine, backend });
  if (failed !== undefined) {
    close();
    return { name, failed };
  }
  return {
    name,
    info,
    close,
    /** Sets up an arm in that process, warm; the result measures ms per update. */
    async openArm(options) {
      const { arm, error } = await ask({ options });
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      return async () => {
        const { ms, error } = await ask({ arm });
        if (error !== undefined) throw new Error(`${name}: ${error}`);
        return ms;
      };
    },
    disposeArms: () => ask({ dispose: true }),
  };
}

/** The engines that load, and for each of the others why not. */
export async function openPeers(engines) {
  const peers = [];
  // One after the other: a process that starts would take the core from one that warms up.
  for (const engine of engines) peers.push(await openPeer(engine));
  const [fused] = peers;
  if (fused.failed !== undefined) throw new Error(`nothing to compare with: ${fused.failed}`);
  return {
    loaded: peers.filter(({ failed }) => failed === undefined),
    missing: peers.filter(({ failed }) => failed !== undefined),
  };
}
