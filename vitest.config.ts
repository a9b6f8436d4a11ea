import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type Reporter, type TestModule, type TestSpecification } from "vitest/node";

/**
 * A file's tier is in its name: what takes long, or a part that not every machine has, is `*.slow.test.ts`. The fast files
 * share a process for each core, which loads every module once; a fast one that replaces modules, `*.mocking.test.ts`,
 * has a process of its own, as each slow one has.
 */
const ALL = "test/**/*.test.ts";
const SLOW = "test/**/*.slow.test.ts";
const MOCKING = "test/**/*.mocking.test.ts";

/** Ends the output with one line that any CI can read. */
const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    // A file that could not even be loaded has no tests to count.
    const broken = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    console.log(`${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped`);
  },
};

/** The slow files first, so that short ones fill the last minute and no core waits for another. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ project }: TestSpecification) => project.name === "slow";
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    globalSetup: ["test/shared-folder.ts"],
    setupFiles: ["test/property-seed.ts"],
    // Every core, and one more where the slow files run, which wait for processes and pages of their own half of the time.
    maxWorkers: availableParallelism() + (process.env["CI"] === "true" ? 1 : 0),
    // So long that only a test that hangs reaches them: other programs may want the cores as well.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    server: { deps: { external: [/\/dist\//] } },
    sequence: { sequencer: SlowFirst },
    reporters: ["default", closingLine],
    projects: [
      { extends: true, test: { name: "fast", include: [ALL], exclude: [SLOW, MOCKING], isolate: false } },
      { extends: true, test: { name: "fast-mocking", include: [MOCKING] } },
      { extends: true, test: { name: "slow", include: [SLOW] } },
    ],
  },
});
