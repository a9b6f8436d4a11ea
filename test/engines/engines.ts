import { afterAll, beforeAll, describe, test } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { BACKENDS, type BackendName } from "../../src/engines/names.js";
import { loadEngine } from "../../src/engines/registry.js";
import { ExpectedError } from "../../src/errors.js";

/** One engine on one backend; the same tests run over all of them. */
export interface EngineUnderTest {
  readonly label: string;
  readonly float64: boolean;
  readonly load: () => Promise<Engine>;
}

const tfjs = (backend: BackendName): EngineUnderTest => ({
  label: `tfjs on ${backend}`,
  float64: false,
  load: async () => (await loadEngine("tfjs", backend)).engine,
});

/** On every backend. Most of the time of all engines' tests is TensorFlow's. */
export const TFJS: readonly EngineUnderTest[] = BACKENDS.map(tfjs);

/**
 * What a file's tests run over: our own engines, so that they can be fast, unless a slow file imports
 * `on-every-engine.ts` or `on-tfjs.ts` first.
 */
export const underTest: EngineUnderTest[] = [
  { label: "reference", float64: true, load: async () => (await loadEngine("reference")).engine },
  { label: "fused", float64: false, load: async () => (await loadEngine("fused")).engine },
];

/**
 * A block of tests over every engine under test. One that this machine lacks is skipped with its reason in the block's name; with
 * CI=true it is a failure.
 */
export async function describeEngines(
  title: string,
  body: (engine: () => Engine, under: EngineUnderTest) => void,
  engines: readonly EngineUnderTest[] = underTest,
): Promise<void> {
  for (const under of engines) {
    const missing = await reasonMissing(under);
    if (missing === undefined) {
      describe(`${title}: ${under.label}`, () => {
        let engine: Engine | undefined;
        beforeAll(async () => {
          engine = await under.load();
        });
        afterAll(() => engine?.dispose());
        body(() => engine as Engine, under);
      });
    } else if (process.env["CI"] === "true") {
      test(`${title}: ${under.label} is installed`, () => {
        throw new Error(missing);
      });
    } else {
      test.skip(`${title}: ${under.label} (${missing})`, () => {});
    }
  }
}

async function reasonMissing(under: EngineUnderTest): Promise<string | undefined> {
  try {
    (await under.load()).dispose();
    return undefined;
  } catch (error) {
    if (error instanceof ExpectedError) return error.message;
    throw error;
  }
}
