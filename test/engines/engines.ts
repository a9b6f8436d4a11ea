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

export const ENGINES_UNDER_TEST: readonly EngineUnderTest[] = [
  { label: "reference", float64: true, load: async () => (await loadEngine("reference")).engine },
  { label: "fused", float64: false, load: async () => (await loadEngine("fused")).engine },
  ...BACKENDS.map(tfjs),
];

/**
 * A block of tests over every engine. One that this machine lacks is skipped with its reason in the block's name; with
 * CI=true it is a failure.
 */
export async function describeEngines(
  title: string,
  body: (engine: () => Engine, under: EngineUnderTest) => void,
): Promise<void> {
  for (const under of ENGINES_UNDER_TEST) {
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
