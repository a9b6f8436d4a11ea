import type * as BullMQ from "bullmq";
import type { ConnectionOptions, Queue, QueueEvents, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { ClientConfig } from "pg";
import { EXIT, ExpectedError, usageError } from "../../errors.js";
import { t } from "../../text/language.js";

/** A server of queues, by the engine that BullMQ drives there. */

/** All sweeps share it: a job says all about its cell. */
const QUEUE = "bn-compare";

/**
 * A worker that does not renew its lock for that long has stopped: its cells go to others. Training is in workers of its
 * own, so the loop that renews is idle.
 */
const LOCK_MS = 6000;
/** How often a cell may be lost with its worker before BullMQ gives it up. With one, and workers that die, it loses cells. */
const MOST_STALLED = 1000;
/** How long the server is waited for at the start, ms. */
const CONNECT_MS = 5000;
/** Results are collected long before; what is left is a cache of the same bytes. */
const KEPT = { age: 24 * 3600, count: 10_000 };
const EVENTS = 1000;

/** What a cell is on its way: enough to make it again, and to see that it is the same. */
export interface CellJob {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
  readonly arm: string;
  /** Engine and program. A worker of another one refuses. */
  readonly computed: Readonly<Record<string, unknown>>;
}

/** What comes back: the text of the cell's file. */
export interface CellAnswer {
  readonly text: string;
}

export type CellQueue = Queue<CellJob, CellAnswer>;
export type CellEvents = QueueEvents;
export type CellWorker = Worker<CellJob, CellAnswer>;
export type Process = NonNullable<ConstructorParameters<typeof Worker<CellJob, CellAnswer>>[1]>;

export interface QueueServer {
  /** The URL without what is secret. */
  readonly shown: string;
  /** Throws an expected error, as `worker` does, where the server goes before they are connected. */
  queue(): Promise<CellQueue>;
  events(): Promise<CellEvents>;
  worker(process: Process, slots: number): Promise<CellWorker>;
  /** Processes of a job say by it that the job is back in the queue. */
  readonly returned: () => Error;
  close(): void;
}

/** Where a queue is, if `--queue` does not say it: a URL may hold a password, which a command line shows to others. */
const QUEUE_VARIABLE = "BN_COMPARE_QUEUE";

/** The URL that a flag `--queue` names, or the environment for it. */
export function queueUrl(
  written: string | true | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const url = typeof written === "string" ? written : env[QUEUE_VARIABLE];
  if (url === undefined) throw usageError(t`give --queue URL, or the URL in ${QUEUE_VARIABLE}`);
  return url;
}

/** Reaches the server and refuses one that would lose cells. Throws expected errors, none of which holds a password. */
export async function openServer(written: string): Promise<QueueServer> {
  const url = parsed(written);
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  return url.protocol.startsWith("redis") ? openRedis(url, shown) : openPostgres(url, shown);
}

function parsed(written: string): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url !== undefined && /^(?:rediss?|postgres(?:ql)?):$/.test(url.protocol)) return url;
  // Without what was written: it may hold a password.
  throw usageError(
    t`--queue is not a URL of Redis or PostgreSQL, such as redis://localhost:6379 or postgres://localhost/bn`,
  );
}

const JOBS = { removeOnComplete: KEPT, removeOnFail: KEPT };

async function openRedis(url: URL, shown: string): Promise<QueueServer> {
  const [bullmq, { Redis }] = await Promise.all([
    installed("ioredis", () => import("bullmq")),
    installed("ioredis", () => import("ioredis")),
  ]);
  const clients: Redis[] = [];
  /** Once connected, it waits for a server that is away. */
  const client = () => {
    const made = new Redis(url.href, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(200 * times, 2000),
    });
    // Each use of it fails by itself.
    made.on("error", () => {});
    clients.push(made);
    return made;
  };
  const probe = new Redis(url.href, { lazyConnect: true, connectTimeout: CONNECT_MS, retryStrategy: () => null });
  // What `connect` fails with does not say why.
  let why: Error | undefined;
  probe.on("error", (error: Error) => {
    why = error;
  });
  try {
    await probe.connect();
    const [server, persistence, memory] = await Promise.all(
      ["server", "persistence", "memory"].map(async (section) => factsOf(await probe.info(section))),
    );
    checkRedis({ ...server, ...persistence, ...memory }, shown);
  } catch (error) {
    throw error instanceof ExpectedError ? error : unreachable(shown, why ?? error);
  } finally {
    probe.disconnect();
  }
  return serverOf(bullmq, shown, {
    connection: client,
    close: () => {
      for (const each of clients) each.disconnect();
    },
  });
}

async function openPostgres(url: URL, shown: string): Promise<QueueServer> {
  const [bullmq, { default: pg }] = await Promise.all([
    installed("pg", () => import("bullmq")),
    installed("pg", () => import("pg")),
  ]);
  const probe = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: CONNECT_MS });
  probe.on("error", () => {});
  try {
    await probe.connect();
    const { rows } = await probe.query<Record<string, string>>(
      "select current_setting('server_version_num') as version, current_setting('fsync') as fsync",
    );
    checkPostgres(rows[0] ?? {}, shown);
  } catch (error) {
    throw error instanceof ExpectedError ? error : unreachable(shown, error);
  } finally {
    await probe.end().catch(() => {});
  }
  /** Of a connection that breaks while it is lent, the pool does not hear, and whoever borrowed it sees its query fail. */
  class Client extends pg.Client {
    constructor(config: ClientConfig) {
      super(config);
      this.on("error", () => {});
    }
  }
  return serverOf(bullmq, shown, {
    connection: () => ({ connectionString: url.href, migrate: true, Client }),
    backend: bullmq.createPostgresBackend,
    close: () => {},
  });
}

/** What BullMQ's classes have in common. */
interface Connected {
  on(event: "error", heard: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface Backend {
  readonly connection: () => unknown;
  readonly backend?: typeof BullMQ.createPostgresBackend;
  readonly close: () => void;
}

function serverOf(
  { Queue, QueueEvents, Worker, WaitingError }: typeof BullMQ,
  shown: string,
  to: Backend,
): QueueServer {
  // BullMQ's classes differ in type by their backend, and in nothing that is used here.
  const backend = to.backend as unknown as undefined;
  const base = () => ({ connection: to.connection() as ConnectionOptions, skipVersionCheck: true });
  /** BullMQ never tries again what a first connection failed at. */
  const ready = async <User extends Connected>(user: User): Promise<User> => {
    // Whoever uses it sees for himself that its server comes and goes.
    user.on("error", () => {});
    try {
      await user.waitUntilReady();
      return user;
    } catch (error) {
      await user.close().catch(() => {});
      throw unreachable(shown, error);
    }
  };
  return {
    shown,
    queue: () =>
      ready(
        new Queue<CellJob, CellAnswer>(
          QUEUE,
          { ...base(), defaultJobOptions: JOBS, streams: { events: { maxLen: EVENTS } } },
          backend,
        ),
      ),
    events: () => ready(new QueueEvents(QUEUE, base(), backend)),
    worker: (process, slots) =>
      ready(new Worker<CellJob, CellAnswer>(QUEUE, process, { ...base(), ...patience(slots) }, backend)),
    returned: () => new WaitingError(),
    close: to.close,
  };
}

function patience(concurrency: number) {
  return {
    concurrency,
    maxStalledCount: MOST_STALLED,
    lockDuration: LOCK_MS,
    stalledInterval: LOCK_MS / 2,
    runRetryDelay: 1000,
  };
}

/** Lines `key:value`. */
function factsOf(info: string): Record<string, string> {
  return Object.fromEntries([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, key = "", value = ""]) => [key, value]));
}

/** By what INFO says: managed servers forbid CONFIG. */
export function checkRedis(facts: Readonly<Record<string, string>>, shown: string): void {
  const [major = 0, minor = 0] = (facts["redis_version"] ?? "").split(".").map(Number);
  if (major < 6 || (major === 6 && minor < 2)) throw refusal(shown, t`is older than Redis 6.2`, t`upgrade it`);
  if (facts["aof_enabled"] !== "1")
    throw refusal(
      shown,
      t`keeps no append-only file and would lose cells in a crash`,
      t`start it with --appendonly yes`,
    );
  const policy = facts["maxmemory_policy"];
  if (policy !== undefined && policy !== "noeviction")
    throw refusal(
      shown,
      t`evicts keys when its memory is full (${policy})`,
      t`start it with --maxmemory-policy noeviction`,
    );
}

export function checkPostgres({ version, fsync }: Readonly<Record<string, string>>, shown: string): void {
  if (!(Number(version) >= 130_000)) throw refusal(shown, t`is older than PostgreSQL 13`, t`upgrade it`);
  if (fsync === "off")
    throw refusal(shown, t`does not sync its files and would lose cells in a crash`, t`set fsync = on`);
}

function refusal(shown: string, what: string, remedy: string): ExpectedError {
  return new ExpectedError(EXIT.unavailable, t`the queue ${shown} ${what}: ${remedy}`);
}

function unreachable(shown: string, error: unknown): ExpectedError {
  return new ExpectedError(EXIT.unavailable, `the queue ${shown} cannot be reached: ${causeOf(error)}`);
}

/** Not the error's message, which may hold anything that the URL holds. */
function causeOf(error: unknown): string {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  if (/CERT|ISSUER/.test(code))
    return `its certificate is not trusted (${code}); for your own certificate authority, set NODE_EXTRA_CA_CERTS to its file`;
  if (/password|auth|WRONGPASS|NOAUTH/i.test(message)) return "it refuses the name or the password";
  // PostgreSQL's class 57P, and what pg says of a connection that was cut.
  if (code.startsWith("57P") || /terminated|connection error/.test(message)) return "it is starting or stopping";
  return code || "it does not answer";
}

/** BullMQ and its driver: packages that only queues need, and that are not installed with this one. */
async function installed<Module>(driver: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new ExpectedError(
      EXIT.unavailable,
      t`a queue needs packages that are not installed: npm install bullmq@6 ${driver}`,
      { cause },
    );
  }
}
