import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { buildDataset } from "../data/dataset.js";
import type { ArmTask, Engine } from "../engines/engine.js";
import { BACKENDS, type BackendName, type EngineName } from "../engines/names.js";
import { loadEngine } from "../engines/registry.js";
import { initialTensors, initialWeights } from "../model/initialisers.js";
import { firstWorking } from "./child.js";

/** One thing this machine has or lacks. */
export interface Part {
  readonly name: string;
  readonly found: boolean;
  /** Its version or size; where it is missing, why. */
  readonly detail: string;
  /** One update of the tutorial's bn arm, ms; engines only. */
  readonly updateMs?: number;
  /** What to do where it is missing. */
  readonly next?: string;
}

/** Looks at everything the program can use, engines by training with them. */
export async function inspectMachine(): Promise<Part[]> {
  const parts: Part[] = [
    node(),
    { name: "cores", found: true, detail: String(availableParallelism()) },
    simd(),
    await engine("fused"),
    await engine("reference"),
  ];
  for (const backend of BACKENDS) parts.push(await engine("tfjs", backend));
  parts.push(await vega(), await fonts(), await browser());
  return parts;
}

function node(): Part {
  const found = Number(process.versions.node.split(".")[0]) >= 20;
  const part = { name: "node", found, detail: `${process.version} on ${process.platform} ${process.arch}` };
  return found ? part : { ...part, next: "install Node.js 20 or newer" };
}

function simd(): Part {
  const kernel = readFileSync(new URL("../../dist/kernel/kernel.wasm", import.meta.url));
  const found = WebAssembly.validate(new Uint8Array(kernel));
  const part = {
    name: "simd",
    found,
    detail: found ? "WebAssembly, 128 bit" : "this Node.js cannot run WebAssembly SIMD",
  };
  return found ? part : { ...part, next: "use --engine tfjs, or a processor and Node.js with SIMD" };
}

async function engine(name: EngineName, backend?: BackendName): Promise<Part> {
  const label = backend === undefined ? name : `${name}-${backend}`;
  try {
    const { engine } = await loadEngine(name, backend);
    try {
      const versions = Object.entries(engine.info.libraries).map(([library, version]) => `${library} ${version}`);
      return { name: label, found: true, detail: versions.join(", ") || "built in", updateMs: measureUpdate(engine) };
    } finally {
      engine.dispose();
    }
  } catch (error) {
    const detail = (error as Error).message.split("\n").at(1)?.trim() ?? (error as Error).message;
    return { name: label, found: false, detail, next: nextFor(backend) };
  }
}

function nextFor(backend: BackendName | undefined): string {
  if (backend === "tensorflow") return "bn-compare doctor --fix tensorflow";
  return backend === undefined ? "npm run build" : `npm install @tensorflow/tfjs-backend-${backend}@4.22.0`;
}

/** The faster of a few updates of the tutorial's bn arm, after one that is not counted; ms. */
function measureUpdate(engine: Engine): number {
  const sizes = [1, 30, 30, 30, 30, 30, 30, 30, 1];
  const normalization = { epsilon: 0.001, decay: 0.5, debias: false };
  const { training } = buildDataset({ kind: "parabola", samples: 500, testSamples: 0, noise: 8 }, 1, false);
  const weights = initialWeights(sizes, { init: "normal", initStd: 1 }, 1);
  const task: ArmTask = {
    spec: { sizes, activation: "relu", learningRate: 0.001, normalization },
    initial: { update: 0, tensors: initialTensors(weights, sizes, normalization) },
    training,
    batchSize: training.samples,
    evaluation: training,
  };
  const arm = engine.createArm(task);
  arm.advance(1);
  let best = Number.POSITIVE_INFINITY;
  for (let update = 2; update <= 4; update++) {
    const start = performance.now();
    arm.advance(update);
    best = Math.min(best, performance.now() - start);
  }
  arm.dispose();
  return Number(best.toPrecision(3));
}

async function vega(): Promise<Part> {
  try {
    const [{ version }, lite] = await Promise.all([import("vega"), import("vega-lite")]);
    return { name: "vega", found: true, detail: `vega ${version}, vega-lite ${lite.version}` };
  } catch (error) {
    return { name: "vega", found: false, detail: (error as Error).message, next: "npm install" };
  }
}

/** The pictures name Helvetica, Arial and Liberation Sans, whose letters have the same widths. */
async function fonts(): Promise<Part> {
  const tool = await firstWorking(["fc-match"], ["Helvetica"]);
  if (tool === undefined) {
    return {
      name: "fonts",
      found: false,
      detail: "fc-match is not here to ask",
      next: "only for viewing pictures on this machine",
    };
  }
  const { execFileSync } = await import("node:child_process");
  const match = execFileSync(tool, ["-f", "%{family}", "Arial"], { encoding: "utf8" });
  const found = /Arial|Helvetica|Liberation Sans|Nimbus Sans|Arimo/.test(match);
  const part = {
    name: "fonts",
    found,
    detail: found ? match : `Arial becomes ${match}, whose letters have other widths`,
  };
  return found ? part : { ...part, next: "Debian, Ubuntu: apt install fonts-liberation" };
}

async function browser(): Promise<Part> {
  const names = ["chromium", "chromium-browser", "google-chrome", "firefox"];
  const found = await firstWorking(names, ["--version"]);
  if (found !== undefined) return { name: "browser", found: true, detail: found };
  const detail = `none of ${names.join(", ")} is on the PATH`;
  return {
    name: "browser",
    found: false,
    detail,
    next: "only for viewing pictures on this machine, and for the tests",
  };
}
