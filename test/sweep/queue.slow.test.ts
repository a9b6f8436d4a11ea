import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { checkPostgres, checkRedis } from "../../src/sweep/queue/server.js";
import { bnCompare, bnCompareProcess, emptyFolder, MAIN, startCommand } from "../cli/command.js";
import { KINDS, missing, PASSWORD, reason, type Server, startServer } from "./servers.js";
import { sweepFolder, textsOf, wholeStore } from "./store-bytes.js";

// cspell:ignore hashtext locktype

/** This program in a folder of its own, without some packages. */
function copiedProgram(without: readonly string[] = []): string {
  const root = join(MAIN, "../..");
  const folder = emptyFolder();
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules")))
    if (!without.includes(name)) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  return folder;
}

const place = () => sweepFolder({ updates: 60, seeds: 6 });

describe.skipIf(missing).each(KINDS)(`through %s${reason}`, (kind) => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(kind);
  });
  afterAll(() => server.close());

  test("two senders and two workers, one of which shares a store, make the bytes of one machine", async () => {
    const cwd = place();
    const bytes = await wholeStore(cwd);
    const workers = [[], ["--out", "one"]].map((flags) =>
      startCommand(cwd, ["worker", "--queue", server.url, "--workers", "1", "--idle", "30", ...flags]),
    );
    const senders = ["one", "one"].map((out) =>
      startCommand(cwd, ["sweep", "e.yaml", "--queue", server.url, "--out", out]),
    );
    for (const { child } of senders) expect((await child).exitCode).toBe(0);
    for (const { child } of workers) child.kill("SIGINT");
    for (const { child } of workers) expect((await child).exitCode).toBe(130);
    expect(textsOf(join(cwd, "one"))).toEqual(bytes);
  });

  test("a worker of another program refuses, and the cell stays for others; one that is idle ends", async () => {
    await server.empty();
    const cwd = place();
    const sender = startCommand(cwd, [
      "sweep",
      "e.yaml",
      "--queue",
      server.url,
      "--out",
      "store",
      "--engine",
      "reference",
    ]);
    const wrong = await bnCompareProcess(cwd, "worker", "--queue", server.url, "--workers", "1");
    expect(wrong.exitCode).toBe(4);
    expect(wrong.stderr).toContain("the queue has cells for another engine or another program");
    const right = startCommand(cwd, ["worker", "--queue", server.url, "--engine", "reference", "--idle", "3"]);
    expect((await sender.child).exitCode).toBe(0);
    expect((await right.child).exitCode).toBe(0);
    expect(readdirSync(join(cwd, "store"))).toContain("sweep.html");
  });
});

describe.skipIf(missing)(`a queue${reason}`, () => {
  const refused = async (url: string, env: Record<string, string> = {}) => {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [MAIN, "worker", ...(url === "" ? [] : ["--queue", url])],
      {
        reject: false,
        env,
      },
    );
    return { exitCode, stderr };
  };

  test.each([
    ["redis", "no append-only file", ["--appendonly", "no"], "keeps no append-only file", "--appendonly yes"],
    ["redis", "eviction", ["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"], "evicts keys", "noeviction"],
    ["postgres", "no syncing", ["-c", "fsync=off"], "does not sync its files", "fsync = on"],
  ] as const)("of %s with %s is refused with the setting to change", async (kind, _, flags, what, remedy) => {
    const server = await startServer(kind, { flags });
    try {
      const { exitCode, stderr } = await refused(server.url);
      expect([exitCode, stderr]).toEqual([4, expect.stringContaining(what)]);
      expect(stderr).toContain(remedy);
      expect(stderr).not.toContain(PASSWORD);
    } finally {
      await server.close();
    }
  });

  test.each(KINDS)("of %s takes a password from the URL or the environment, and never prints it", async (kind) => {
    const server = await startServer(kind, { flags: kind === "redis" ? ["--requirepass", PASSWORD] : [] });
    const withPassword = (password: string) => {
      const url = new URL(server.url);
      url.password = password;
      return url.href;
    };
    try {
      const wrong = withPassword("mistaken");
      for (const { exitCode, stderr } of [await refused(wrong), await refused("", { BN_COMPARE_QUEUE: wrong })]) {
        expect([exitCode, stderr]).toEqual([4, expect.stringContaining("refuses the name or the password")]);
        expect(stderr).not.toContain("mistaken");
      }
      const right = await execa(process.execPath, [MAIN, "worker", "--idle", "1"], {
        env: { BN_COMPARE_QUEUE: withPassword(PASSWORD) },
      });
      expect(right.stderr).toContain(`waiting for cells at ${kind}://127.0.0.1:${server.port}`);
      expect(right.stderr).not.toContain(PASSWORD);
    } finally {
      await server.close();
    }
  });

  test.each(KINDS)("of %s over TLS is one whose certificate is trusted", async (kind) => {
    const server = await startServer(kind, { tls: true, flags: kind === "redis" ? ["--requirepass", PASSWORD] : [] });
    try {
      const url = server.url.replace("rediss://", `rediss://:${PASSWORD}@`);
      const { exitCode, stderr } = await refused(url);
      expect([exitCode, stderr]).toEqual([4, expect.stringContaining("its certificate is not trusted")]);
      expect(stderr).toContain("NODE_EXTRA_CA_CERTS");
      const cwd = place();
      const bytes = await wholeStore(cwd);
      const env = { BN_COMPARE_QUEUE: url, NODE_EXTRA_CA_CERTS: server.certificate };
      const start = (...args: string[]) => execa(process.execPath, [MAIN, ...args], { cwd, env, reject: false });
      const [worker, sender] = [start("worker", "--idle", "5"), start("sweep", "e.yaml", "--queue", "--out", "store")];
      const ended = [await sender, await worker];
      expect(ended.map((each) => each.exitCode)).toEqual([0, 0]);
      for (const each of [stderr, ...ended.flatMap((command) => [command.stdout, command.stderr])])
        expect(each).not.toContain(PASSWORD);
      expect(textsOf(join(cwd, "store"))).toEqual(bytes);
    } finally {
      await server.close();
    }
  });

  test("keeps its cells from a worker of another kernel", async () => {
    const server = await startServer("redis");
    const folder = copiedProgram();
    try {
      // A section of that name, which says nothing: the same arithmetic, but who would know?
      appendFileSync(join(folder, "dist/kernel/kernel.wasm"), Uint8Array.of(0, 2, 1, 0x78));
      const cwd = place();
      const bytes = await wholeStore(cwd);
      const queue = ["--queue", server.url];
      const sender = startCommand(cwd, ["sweep", "e.yaml", "--out", "store", "--quiet", ...queue]);
      const other = join(folder, "dist/main.js");
      const wrong = await execa(process.execPath, [other, "worker", ...queue], { cwd, reject: false });
      expect([wrong.exitCode, wrong.stderr]).toEqual([
        4,
        expect.stringContaining("cells for another engine or another program"),
      ]);
      const right = startCommand(cwd, ["worker", "--idle", "3", ...queue]);
      expect((await sender.child).exitCode).toBe(0);
      expect((await right.child).exitCode).toBe(0);
      expect(textsOf(join(cwd, "store"))).toEqual(bytes);
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  });

  test.each([["worker"], ["sweep", "e.yaml", "--out", "store"]])(
    "of postgres that is killed while a %s connects ends it with exit code 4, to be started again",
    async (...args) => {
      const server = await startServer("postgres");
      const other = new pg.Client(server.url);
      other.on("error", () => {});
      try {
        await other.connect();
        // As if another command were making the schema, for which all others wait.
        await other.query("select pg_advisory_lock(x'42554c4c'::int, hashtext('bullmq'))");
        const { child } = startCommand(place(), [...args, "--queue", server.url, "--quiet"]);
        const waiting = "select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted";
        await vi.waitUntil(async () => (await other.query(waiting)).rows[0].count > 0, 60_000);
        await server.kill();
        const { exitCode, stderr } = await child;
        expect([exitCode, stderr]).toEqual([
          4,
          expect.stringMatching(/^error: the queue .* cannot be reached: it is starting or stopping\n$/),
        ]);
        expect(stderr).not.toContain(PASSWORD);
      } finally {
        await server.close();
      }
    },
  );

  test("gives a second sweep the cells that the first one had made, also without a worker", async () => {
    const server = await startServer("redis");
    try {
      const cwd = place();
      const bytes = await wholeStore(cwd);
      const send = (out: string) =>
        bnCompareProcess(cwd, "sweep", "e.yaml", "--queue", server.url, "--out", out, "--quiet");
      const worker = startCommand(cwd, ["worker", "--queue", server.url]);
      expect((await send("first")).exitCode).toBe(0);
      worker.child.kill("SIGINT");
      await worker.child;
      expect((await send("second")).exitCode).toBe(0);
      expect(textsOf(join(cwd, "second"))).toEqual(bytes);
    } finally {
      await server.close();
    }
  });
});

test.each([
  ["redis://127.0.0.1:1", 4, "the queue redis://127.0.0.1:1 cannot be reached: ECONNREFUSED"],
  ["postgres://me:hidden@127.0.0.1:1/db", 4, "the queue postgres://127.0.0.1:1/db cannot be reached: ECONNREFUSED"],
  ["https://example.org", 2, "--queue is not a URL of Redis or PostgreSQL"],
])("%s is refused", async (url, code, message) => {
  const { exitCode, stderr } = await bnCompare(emptyFolder(), "worker", "--queue", url);
  expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
  expect(stderr).not.toContain("hidden");
});

test("an old server is refused", () => {
  expect(() => checkRedis({ redis_version: "6.0.16", aof_enabled: "1" }, "redis://r")).toThrow("older than Redis 6.2");
  expect(() => checkPostgres({ version: "120017", fsync: "on" }, "postgres://p")).toThrow("older than PostgreSQL 13");
  expect(() => checkPostgres({ version: "130000", fsync: "on" }, "postgres://p")).not.toThrow();
});

test("without the packages the message names the command that installs them", async () => {
  const folder = copiedProgram(["bullmq", "ioredis", "pg"]);
  for (const [url, command] of [
    ["redis://127.0.0.1:1", "npm install bullmq@6 ioredis"],
    ["postgres://127.0.0.1:1/db", "npm install bullmq@6 pg"],
  ]) {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(folder, "dist/main.js"), "worker", "--queue", url ?? ""],
      { reject: false },
    );
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(command ?? "")]);
  }
  rmSync(folder, { recursive: true });
});
