// Preloaded into a measured command: writes the process's peak memory in MB and its CPU time in ms, all threads together,
// to a file when it ends.
const { readFileSync, writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env["BENCH_USE_FILE"], JSON.stringify({ memory: peakMB(), cpu: (user + system) / 1000 }));
});

function peakMB() {
  // Linux counts what the parent had at the moment of the fork into maxRSS, but not into VmHWM.
  if (process.platform === "linux") {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  }
  return process.resourceUsage().maxRSS / 1024;
}
