import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bnCompare, emptyFolder, MAIN } from "../cli/command.js";
import { contentsOf } from "../cli/random-moments.js";

/** The recipe of docs/scale.md on a real Slurm: one machine, without systemd or munge. */

const inCi = process.env["CI"] === "true";
const isRoot = process.getuid?.() === 0;
const found = await execa("sh", ["-c", "command -v slurmctld && command -v slurmd && command -v sbatch"], {
  reject: false,
});
const isThere = found.exitCode === 0 && isRoot;

const HOST = hostname().split(".")[0];

const EXPERIMENT = `name: rates
samples: 60
hiddenLayers: 3
width: 8
updates: 20
seeds: 4
sweep:
  learningRate: [0.001, 0.01, 0.1]
`;

function configuration(folder: string): string {
  return `ClusterName=test
SlurmctldHost=${HOST}(127.0.0.1)
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldPort=26817
SlurmdPort=26818
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ReturnToService=2
NodeName=${HOST} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** The script in docs/scale.md, for four small tasks. */
function recipe(): string {
  const page = readFileSync(fileURLToPath(new URL("../../docs/scale.md", import.meta.url)), "utf8");
  const [, script = ""] = /```sh\n(#!\/bin\/bash\n#SBATCH[^`]*)```/.exec(page) ?? [];
  const small = script.replace("1-100", "1-4").replace("/100", "/4").replace("cpus-per-task=4", "cpus-per-task=1");
  expect(small).toMatch(
    /--array=1-4\n#SBATCH --cpus-per-task=1\nnpx bn-compare sweep rates --shard "\$SLURM_ARRAY_TASK_ID\/4"/,
  );
  return small;
}

const textsOf = (folder: string) =>
  Object.fromEntries(Object.entries(contentsOf(folder)).map(([file, text]) => [relative(folder, file), text]));

describe.skipIf(!inCi && !isThere)("Slurm", () => {
  const stops: (() => unknown)[] = [];
  let slurm: Record<string, string> = {};

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "bn-compare-slurm-"));
    stops.push(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of ["state", "spool"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "slurm.conf"), configuration(folder));
    slurm = { SLURM_CONF: join(folder, "slurm.conf") };
    for (const daemon of ["slurmctld", "slurmd"]) {
      const child = execa(daemon, ["-D"], { env: slurm, reject: false, stdio: "ignore" });
      stops.push(async () => {
        child.kill("SIGTERM");
        await child;
      });
    }
    // The node reports itself when both are up.
    for (let tries = 0; tries < 120; tries++) {
      const { stdout } = await execa("sinfo", ["-h", "-o", "%T"], { env: slurm, reject: false });
      if (stdout.trim() === "idle") return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error("Slurm did not become ready within a minute");
  });

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  test("an array of tasks fills one store, whose bytes are those of one machine", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "rates"));
    writeFileSync(join(cwd, "rates/experiment.yaml"), EXPERIMENT);
    mkdirSync(join(cwd, "node_modules/.bin"), { recursive: true });
    writeFileSync(join(cwd, "node_modules/.bin/bn-compare"), `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`, {
      mode: 0o755,
    });
    const env = { ...slurm, SCRATCH: join(cwd, "scratch") };
    writeFileSync(join(cwd, "job.sh"), recipe());
    const { exitCode, all } = await execa("sbatch", ["--wait", "--output", "task-%a.txt", "job.sh"], {
      cwd,
      env,
      reject: false,
      all: true,
    });
    expect([exitCode, all]).toEqual([0, expect.stringContaining("Submitted batch job")]);
    const rest = await bnCompare(cwd, "sweep", "rates", "--out", "scratch/rates");
    expect([rest.exitCode, rest.stderr]).toEqual([0, "24 of 24 cells exist already\n"]);
    await bnCompare(cwd, "sweep", "rates", "--quiet", "--out", "alone");
    expect(textsOf(join(cwd, "scratch/rates"))).toEqual(textsOf(join(cwd, "alone")));
  });
});
