import { describe, expect, test } from "vitest";
import { SILENT_TICKS, STOPPED_TICKS, watchSilence } from "../../src/experiment/silence.js";

/** The ticks at which something is said, and what. */
function told(watch: ReturnType<typeof watchSilence>, ticks: number, stopped: (tick: number) => readonly number[]) {
  return Array.from({ length: ticks }, (_, i) => i + 1).flatMap((tick) =>
    watch.tick(stopped(tick)).map((line) => [tick, line] as const),
  );
}

const none = () => [];

describe("a process that is stopped", () => {
  test("is mentioned once, after some ticks, with the tasks that wait and what lets it go on", () => {
    const watch = watchSilence();
    watch.begin("arm bn, seed 3");
    expect(told(watch, 1000, () => [71])).toEqual([
      [
        STOPPED_TICKS,
        'arm bn, seed 3: worker process 71 is stopped, and the command waits for it; "kill -CONT 71" lets it go on, Ctrl-C ends the command',
      ],
    ]);
  });

  test("is not blamed for tasks that go on", () => {
    const watch = watchSilence();
    watch.begin("arm plain, seed 3");
    watch.begin("arm bn, seed 3");
    const lines = told(watch, 2 * STOPPED_TICKS, () => {
      watch.heard("arm plain, seed 3");
      return [71];
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[1]).toMatch(/^arm bn, seed 3: worker process 71 is stopped/);
  });

  test("is mentioned again when it went on and is stopped again, and not at all for a moment", () => {
    const watch = watchSilence();
    watch.begin("arm bn");
    const pause = (tick: number) => (tick % (STOPPED_TICKS + 1) === 0 ? [] : [71]);
    expect(told(watch, 2 * (STOPPED_TICKS + 1), pause).map(([tick]) => tick)).toEqual([
      STOPPED_TICKS,
      2 * STOPPED_TICKS + 1,
    ]);
    expect(told(watchSilence(), 100, (tick) => (tick % STOPPED_TICKS === 0 ? [] : [71]))).toEqual([]);
  });
});

describe("a task that says nothing", () => {
  test("is mentioned after a minute, and after twice the time each time", () => {
    const watch = watchSilence();
    watch.begin("arm bn, seed 3");
    const lines = told(watch, 5 * SILENT_TICKS, none);
    expect(lines.map(([tick]) => tick)).toEqual([SILENT_TICKS, 2 * SILENT_TICKS, 4 * SILENT_TICKS]);
    expect(lines[0]?.[1]).toMatch(/^arm bn, seed 3: no update was reported for 60 s; .* Ctrl-C ends it$/);
  });

  test("is not mentioned while it is heard, nor when it is done", () => {
    const watch = watchSilence();
    watch.begin("a");
    watch.begin("b");
    watch.end("b");
    expect(
      told(watch, 10 * SILENT_TICKS, (tick) => {
        if (tick % (SILENT_TICKS - 1) === 0) watch.heard("a");
        return [];
      }),
    ).toEqual([]);
  });
});
