import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { BACKENDS, type BackendName, type EngineName } from "../engines/names.js";
import { ExpectedError } from "../errors.js";
import { openPool, type PoolOptions } from "../experiment/pool.js";
import { t } from "../text/language.js";
import { firstWorking } from "./child.js";
import type { ProbeAnswer, ProbeTask } from "./engine-probe.js";

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

/** For what takes a while. */
interface Asked extends Pick<PoolOptions, "notice"> {
  readonly signal: AbortSignal;
}

/** Looks at everything the program can use, engines by training with them. */
export async function inspectMachine(asked: Asked): Promise<Part[]> {
  const parts: Part[] = [
    node(),
    { name: "cores", found: true, detail: String(availableParallelism()) },
    simd(),
    await engine("fused", undefined, asked),
    await engine("reference", undefined, asked),
  ];
  for (const backend of BACKENDS) parts.push(await engine("tfjs", backend, asked));
  parts.push(await vega(), await fonts(), await browser());
  return parts;
}

function node(): Part {
  const found = Number(process.versions.node.split(".")[0]) >= 20;
  const part = { name: "node", found, detail: t`${process.version} on ${process.platform} ${process.arch}` };
  return found ? part : { ...part, next: t`install Node.js 20 or newer` };
}

function simd(): Part {
  const kernel = readFileSync(new URL("../../dist/kernel/kernel.wasm", import.meta.url));
  const found = WebAssembly.validate(new Uint8Array(kernel));
  const part = {
    name: "simd",
    found,
    detail: found ? "WebAssembly, 128 bit" : t`this Node.js cannot run WebAssembly SIMD`,
  };
  return found ? part : { ...part, next: t`use --engine tfjs, or a processor and Node.js with SIMD` };
}

/** Loaded into a worker: native TensorFlow works in no thread, only in a process of its own. */
async function engine(name: EngineName, backend: BackendName | undefined, { notice, signal }: Asked): Promise<Part> {
  const label = backend === undefined ? name : `${name}-${backend}`;
  const module = new URL("./engine-probe.js", import.meta.url);
  const pool = openPool({ module, processes: name === "tfjs", workers: 1, notice });
  try {
    const task: ProbeTask = { name, ...(backend === undefined ? {} : { backend }) };
    const answer = await pool.run<ProbeAnswer>(task, { title: t`the engine ${label}`, signal });
    if ("libraries" in answer) {
      const versions = Object.entries(answer.libraries).map(([library, version]) => `${library} ${version}`);
      return { name: label, found: true, detail: versions.join(", ") || t`built in`, updateMs: answer.updateMs };
    }
    const [first, second] = answer.failed;
    return { name: label, found: false, detail: (second ?? first ?? "").trim(), next: nextFor(backend) };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { name: label, found: false, detail: error.message, next: nextFor(backend) };
  } finally {
    await pool.close();
  }
}

function nextFor(backend: BackendName | undefined): string {
  if (backend === "tensorflow") return "bn-compare doctor --fix tensorflow";
  return backend === undefined ? "npm run build" : `npm install @tensorflow/tfjs-backend-${backend}@4.22.0`;
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
      detail: t`fc-match is not installed`,
      next: t`only for viewing pictures on this machine`,
    };
  }
  const { execFileSync } = await import("node:child_process");
  const match = execFileSync(tool, ["-f", "%{family}", "Arial"], { encoding: "utf8" });
  const found = /Arial|Helvetica|Liberation Sans|Nimbus Sans|Arimo/.test(match);
  const part = {
    name: "fonts",
    found,
    detail: found ? match : t`Arial becomes ${match}, whose letters have different widths`,
  };
  return found ? part : { ...part, next: t`Debian, Ubuntu: apt install fonts-liberation` };
}

async function browser(): Promise<Part> {
  const names = ["chromium", "chromium-browser", "google-chrome", "firefox"];
  const found = await firstWorking(names, ["--version"]);
  if (found !== undefined) return { name: "browser", found: true, detail: found };
  const detail = t`none of ${names.join(", ")} is on the PATH`;
  return {
    name: "browser",
    found: false,
    detail,
    next: t`only for viewing pictures on this machine, and for the tests`,
  };
}
