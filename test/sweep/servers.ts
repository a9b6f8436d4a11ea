import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Real servers of queues, each in a folder of its own, to be killed. */
// cspell:ignore addext keyout pwfile

const POSTGRES = "/usr/lib/postgresql";
const pgBin = existsSync(POSTGRES) ? join(POSTGRES, readdirSync(POSTGRES).sort().at(-1) ?? "", "bin") : undefined;
const isRoot = process.getuid?.() === 0;
const redis = await execa("redis-server", ["--version"], { reject: false });

export const KINDS = ["redis", "postgres"] as const;
export type Kind = (typeof KINDS)[number];

const isThere = redis.exitCode === 0 && pgBin !== undefined;
// Where the suite is the judge, a missing server is a failure and not a reason to skip.
export const missing = !isThere && process.env["CI"] !== "true";
export const reason = missing ? " (skipped: apt-get install redis-server postgresql)" : "";

/** Of the servers of PostgreSQL, and of those of Redis that ask for one. */
export const PASSWORD = "riverbed";

export interface ServerOptions {
  readonly flags?: readonly string[];
  /** With a certificate that nobody but itself vouches for. */
  readonly tls?: boolean;
}

export interface Server {
  readonly url: string;
  /** The file of its certificate. */
  readonly certificate: string;
  readonly port: number;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Removes everything that is in it. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A server that is started. */
export async function startServer(kind: Kind, { flags = [], tls = false }: ServerOptions = {}): Promise<Server> {
  const server = await { redis: redisServer, postgres: postgresServer }[kind](await freePort(), flags, tls);
  await server.start();
  return server;
}

/** How to make a certificate of one's own with its key, for servers of this machine. */
const certified = (certificate: string, key: string) => [
  ..."openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1".split(
    " ",
  ),
  ...["-out", certificate, "-keyout", key],
];

async function until(isReady: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("a server did not start");
}

async function redisServer(port: number, flags: readonly string[], tls: boolean): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-redis-"));
  let child: ({ kill(signal: "SIGKILL"): unknown } & PromiseLike<unknown>) | undefined;
  const kill = async () => {
    child?.kill("SIGKILL");
    await child;
  };
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  if (tls) await execa("env", certified(certificate, key));
  const secured = tls ? ["--tls", "--cacert", certificate] : [];
  const cli = (...args: string[]) => execa("redis-cli", [...secured, "-p", String(port), ...args], { reject: false });
  const listening = tls
    ? ["--port", "0", "--tls-port", String(port), "--tls-cert-file", certificate, "--tls-key-file", key]
    : ["--port", String(port)];
  const unasked = tls ? ["--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"] : [];
  return {
    url: `redis${tls ? "s" : ""}://127.0.0.1:${port}`,
    certificate,
    port,
    async start() {
      const args = [...listening, ...unasked, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", ...flags];
      child = execa("redis-server", args, { reject: false, stdio: "ignore" });
      await until(async () => /PONG|NOAUTH/.test(String((await cli("ping")).stdout)));
    },
    kill,
    async empty() {
      await cli("flushall");
    },
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** It refuses to be root's. */
async function postgresServer(port: number, flags: readonly string[], tls: boolean): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-postgres-"));
  const data = join(folder, "data");
  const as = isRoot ? ["runuser", "-u", "postgres", "--"] : [];
  const execute = (...command: string[]) => {
    const [file = "", ...rest] = [...as, ...command];
    return execa(file, rest, { reject: false, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  };
  const run = (name: string, ...args: string[]) => execute(join(pgBin ?? "", name), ...args);
  const [certificate, key, password] = ["certificate.pem", "key.pem", "password"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(password, PASSWORD);
  if (isRoot) {
    const ids = await execa("sh", ["-c", "id -u postgres; id -g postgres"]);
    const [uid = 0, gid = 0] = ids.stdout.split("\n").map(Number);
    chownSync(folder, uid, gid);
    chownSync(password, uid, gid);
  }
  const kill = async () => {
    // The process that was started may be runuser, whose child has the data.
    await execa("sh", ["-c", `kill -9 $(head -1 ${data}/postmaster.pid)`], { reject: false });
    await child;
    // Its own processes let go of the memory when they see it gone.
    await until(async () => (await execa("pgrep", ["-f", data], { reject: false })).exitCode !== 0);
  };
  const asking = ["--auth-local=trust", "--auth-host=scram-sha-256", `--pwfile=${password}`];
  await run("initdb", "-D", data, ...asking, "-U", "bn", "--no-sync");
  if (tls) await execute(...certified(certificate, key));
  const secured = ["ssl=on", `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`].flatMap((setting) => [
    "-c",
    setting,
  ]);
  let child: ({ kill(signal: "SIGKILL"): unknown } & PromiseLike<unknown>) | undefined;
  return {
    url: `postgres://bn:${PASSWORD}@127.0.0.1:${port}/postgres${tls ? "?sslmode=verify-full" : ""}`,
    certificate,
    port,
    async start() {
      child = run(
        "postgres",
        "-D",
        data,
        "-p",
        String(port),
        "-k",
        folder,
        "-h",
        "127.0.0.1",
        ...(tls ? secured : []),
        ...flags,
      );
      await until(async () => (await run("pg_isready", "-h", "127.0.0.1", "-p", String(port))).exitCode === 0);
    },
    kill,
    async empty() {
      await run(
        "psql",
        "-h",
        folder,
        "-p",
        String(port),
        "-U",
        "bn",
        "postgres",
        "-c",
        "drop schema if exists bullmq cascade",
      );
    },
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
