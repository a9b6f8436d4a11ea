import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { emptyFolder } from "./command.js";
import { inProcess } from "./in-process.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A copy of the built command with one text of its sources replaced; returns its entry; gone when the test is over. */
export async function changedBuild({ file, from, to }: { file: string; from: string; to: string }): Promise<string> {
  const folder = emptyFolder();
  for (const name of ["build", "dist", "package.json", "schema", "experiments"]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const inKernel = file.startsWith("src/kernel/");
  if (inKernel) cpSync(join(ROOT, "src/kernel"), join(folder, "src/kernel"), { recursive: true });
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold the text to change once: ${from}`);
  writeFileSync(path, text.replace(from, to));
  if (inKernel) {
    const config = join(folder, "src/kernel/asconfig.json");
    await execa(join(ROOT, "node_modules/.bin/asc"), ["--config", config], { cwd: folder });
  }
  return join(folder, "build/main.js");
}

/** Runs another build's command in this process; never throws. */
export function runBuild(build: string, cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const around = { ...process.env, NO_COLOR: "1", CI: "", GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "" };
  return inProcess(args, { build, cwd, env: { ...around, ...env } });
}

/** A learning rate 1 % off. */
export const RATE = {
  file: "build/engines/fused.js",
  from: "spec.learningRate,",
  to: "spec.learningRate * 1.01,",
};

const GRADIENT =
  "weightGradient(a, plainInput ? xRow : row, d, row, layer.kernelGradient, layer.inputs, layer.units, n);";

/** The wrong sign in the kernel's gradient of the third layer. */
export const KERNEL_SIGN = {
  file: "src/kernel/backward.ts",
  from: GRADIENT,
  to: `${GRADIENT}
      if (l == 2)
        for (let i: usize = 0; i < (<usize>(layer.inputs * layer.units)) << 2; i += 4)
          store<f32>(layer.kernelGradient + i, -load<f32>(layer.kernelGradient + i));`,
};

/** The wrong sign in what the normalization of the second layer hands back. */
export const NORM_SIGN = {
  file: "src/kernel/backward.ts",
  from: "const sum = normalizeBackward(d, z, samples, c.center, c.scale, c.meanGradient, c.slope);",
  to: "const sum = normalizeBackward(d, z, samples, c.center, l == 1 ? -c.scale : c.scale, c.meanGradient, l == 1 ? -c.slope : c.slope);",
};

/** Sums in another order: nothing but rounding. */
export const ROUNDING = {
  file: "src/kernel/losses.ts",
  from: "store<f32>(net.gradientA + offset + i, (prediction - target) * factor);",
  to: "store<f32>(net.gradientA + offset + i, prediction * factor - target * factor);",
};
