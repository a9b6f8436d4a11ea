import { readdirSync } from "node:fs";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { loadNativeTensorFlow } from "../../src/engines/native-tensorflow.js";
import { bnCompareProcess, emptyFolder, MAIN, QUICK, shellCode } from "./command.js";

// Installed by `npm run setup:tensorflow`.
const native = loadNativeTensorFlow();
const NATIVE = ["--engine", "tfjs", "--backend", "tensorflow", ...QUICK.slice(2)];

if (native.ok || process.env["CI"] === "true") {
  describe("on native TensorFlow", () => {
    test("a run ends with its pictures, names its library, and keeps the library's notices off stderr", async () => {
      const cwd = emptyFolder();
      const { exitCode, stdout, stderr } = await bnCompareProcess(cwd, "run", "--json", ...NATIVE);
      expect(exitCode).toBe(0);
      const { engine, arms } = JSON.parse(stdout);
      expect(engine).toMatchObject({ name: "tfjs", backend: "tensorflow" });
      expect(engine.version.tensorflow).toMatch(/^2\./);
      expect(arms.bn.status).toBe("trained");
      expect(stderr).not.toMatch(/oneDNN|cpu_feature_guard|already registered|Deprecat/);
      for (const line of stderr.trim().split("\n")) expect(line).toMatch(/^(engine tfjs on|plain: update|bn: update)/);
    });

    test("verify compares it with the engine of a recorded run, from the same states", async () => {
      const cwd = emptyFolder();
      await bnCompareProcess(cwd, "run", "--out", "run", "--activation", "tanh", "--updates", "60", "--quiet");
      const flags = ["--engine", "tfjs", "--backend", "tensorflow"];
      const { exitCode, stdout } = await bnCompareProcess(cwd, "verify", "run", ...flags);
      expect(exitCode).toBe(0);
      expect(stdout).toContain("fused (wasm-simd) against tfjs (tensorflow)");
      const costs = [...stdout.matchAll(/^(?:plain|bn) +\d+ +(\d(?:\.\d)?e-\d+|0)/gm)].map((match) => Number(match[1]));
      expect(costs).toHaveLength(4);
      for (const cost of costs) expect(cost).toBeLessThan(1e-5);
    });

    test("Ctrl-C ends both arms' processes with exit code 130 and leaves nothing behind", async () => {
      const cwd = emptyFolder();
      const args = [MAIN, "run", ...NATIVE, "--activation", "tanh", "--updates", "1000000", "--cost-every", "500"];
      args.push("--histogram-every", "100000");
      const child = execa(process.execPath, args, { cwd, reject: false });
      let seen = "";
      child.stderr.on("data", (chunk) => {
        seen += chunk;
        if (seen.includes("bn: update") && seen.includes("plain: update")) child.kill("SIGINT");
      });
      const { stderr, ...ended } = await child;
      expect(shellCode(ended)).toBe(130);
      expect(stderr).toContain("interrupted; nothing unfinished was written");
      expect(readdirSync(cwd, { recursive: true }).filter((entry) => entry !== "runs")).toEqual([]);
    });

    test("setting it up a second time takes the working installation as it is", async () => {
      const { exitCode, stdout, stderr } = await bnCompareProcess(emptyFolder(), "doctor", "--fix", "tensorflow");
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^TensorFlow 2\.\S+ is ready in /);
      expect(stderr).not.toContain("Downloading");
    });

    test("setting it up, interrupted while it downloads, leaves nothing but what was downloaded", async () => {
      const cache = emptyFolder();
      const child = execa(process.execPath, [MAIN, "doctor", "--fix", "tensorflow"], {
        reject: false,
        env: { XDG_CACHE_HOME: cache },
      });
      child.stderr.on("data", (chunk) => {
        if (String(chunk).includes("Downloading")) child.kill("SIGINT");
      });
      expect((await child).exitCode).toBe(130);
      const left = readdirSync(`${cache}/bn-compare`);
      expect(left.filter((name) => !name.endsWith(".download"))).toEqual([]);
    });

    test("doctor finds it and trains with it", async () => {
      const { exitCode, stdout } = await bnCompareProcess(emptyFolder(), "doctor", "tfjs-tensorflow", "--json");
      expect(exitCode).toBe(0);
      const [part] = JSON.parse(stdout).parts;
      expect(part).toMatchObject({ name: "tfjs-tensorflow", found: true });
      expect(part.updateMs).toBeGreaterThan(0);
    });
  });
} else {
  test.skip(`native TensorFlow (${native.reason})`, () => {});
}

describe("where native TensorFlow is missing", () => {
  const run = (...args: string[]) =>
    execa(process.execPath, [MAIN, ...args], {
      cwd: emptyFolder(),
      reject: false,
      env: { XDG_CACHE_HOME: emptyFolder(), NO_COLOR: "1" },
    });

  test("asking for it exits 4 with the reason and what to do", async () => {
    const { exitCode, stderr } = await run("run", ...NATIVE);
    expect(stderr).toContain("tensorflow: the optional package @tensorflow/tfjs-node is not installed");
    expect(stderr).toContain("bn-compare doctor --fix tensorflow");
    expect(exitCode).toBe(4);
  });

  test("not asking for it takes the next backend and says why", async () => {
    const { exitCode, stderr } = await run("run", "--engine", "tfjs", ...QUICK.slice(2));
    expect(stderr).toContain("engine tfjs on backend wasm");
    expect(stderr).toContain("tensorflow was passed over: the optional package");
    expect(exitCode).toBe(0);
  });

  test("doctor lists it with the next command, and exits 4 when it was asked for", async () => {
    const table = await run("doctor");
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toMatch(/^tfjs-tensorflow +no/m);
    expect(table.stdout).toContain("tfjs-tensorflow: bn-compare doctor --fix tensorflow");
    expect((await run("doctor", "tfjs-tensorflow")).exitCode).toBe(4);
    expect((await run("doctor", "nothing")).exitCode).toBe(2);
  });

  test("setting it up names everything that is missing before it downloads anything", async () => {
    const tools = emptyFolder();
    const { exitCode, stderr } = await execa(process.execPath, [MAIN, "doctor", "--fix", "tensorflow"], {
      cwd: emptyFolder(),
      reject: false,
      extendEnv: false,
      env: { PATH: tools, HOME: tools, XDG_CACHE_HOME: tools },
    });
    expect(stderr).toContain("a C++ compiler");
    expect(stderr).toContain("Python 3 with pip");
    expect(stderr).toContain("npm");
    expect(stderr).not.toContain("Downloading");
    expect(exitCode).toBe(4);
    expect(readdirSync(tools)).toEqual([]);
  });
});
