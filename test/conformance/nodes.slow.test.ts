import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { tensorflowFolder } from "../../src/engines/tensorflow-paths.js";
import { emptyFolder } from "../cli/command.js";
import {
  bnCompareOn,
  expectSameBytes,
  HERE,
  IMAGES,
  INSTALL_NODES,
  NODES,
  type RunBytes,
  runFiles,
  skipReason,
} from "./runs.js";

const CASES = {
  relu: ["--activation", "relu"],
  tanh: ["--activation", "tanh", "--updates", "60"],
  seeds: ["--activation", "tanh", "--updates", "30", "--seeds", "3", "--rounding-probe", "2", "--decay", "0.99"],
  images: IMAGES,
} as const;

describe("the bytes of runs", () => {
  const expected: Partial<Record<keyof typeof CASES, RunBytes>> = {};

  beforeAll(async () => {
    for (const [name, flags] of Object.entries(CASES)) {
      expected[name as keyof typeof CASES] = await runFiles(HERE, ...flags);
    }
  });

  for (const { version, binary } of NODES.x64) {
    const reason = skipReason([binary], INSTALL_NODES);
    describe.skipIf(reason !== undefined)(`under Node ${version}${reason ?? ""}`, () => {
      test("is that version", async () => {
        expect((await execa(binary, ["--version"])).stdout).toBe(`v${version}`);
      });

      test.each(Object.entries(CASES))(`are those under the Node that runs the tests: %s`, async (name, flags) => {
        const files = await runFiles({ program: binary }, ...flags);
        expectSameBytes(files, expected[name as keyof typeof CASES] as RunBytes);
      });
    });
  }
});

describe("native TensorFlow", () => {
  for (const { version, binary } of NODES.x64) {
    const reason = skipReason([binary, tensorflowFolder()], `${INSTALL_NODES}; npm run setup:tensorflow`);
    test.skipIf(reason !== undefined)(`loads and trains under Node ${version}${reason ?? ""}`, async () => {
      const folder = emptyFolder();
      const flags = ["--engine", "tfjs", "--backend", "tensorflow", "--updates", "3", "--samples", "40"];
      const json = await bnCompareOn(
        { program: binary },
        "run",
        "--json",
        "--quiet",
        "--out",
        `${folder}/run`,
        ...flags,
      );
      expect(JSON.parse(json)).toMatchObject({
        engine: { backend: "tensorflow" },
        arms: { bn: { status: "trained" } },
      });
    });
  }
});
