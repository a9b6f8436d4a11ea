import { t } from "./text/language.js";
/** Exit codes of the command, the same for every subcommand. */
export const EXIT = {
  success: 0,
  regression: 1,
  usage: 2,
  inconclusive: 3,
  unavailable: 4,
  file: 5,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One line, or several as a list: a line break within a line came from a name or a file and is shown as `\u{a}`. */
export type Message = string | readonly string[];

/**
 * A failure that the user can do something about: its message says what is wrong, where, and what would be right. Any
 * other exception is a bug and is shown with its stack.
 */
export class ExpectedError extends Error {
  override readonly name = "ExpectedError";
  readonly lines: readonly string[];
  constructor(
    readonly exitCode: ExitCode,
    message: Message,
    options?: ErrorOptions,
  ) {
    const lines = typeof message === "string" ? [message] : message;
    super(lines.join("\n"), options);
    this.lines = lines;
  }
}

/** What an interrupted command leaves: files are written whole or not at all, and what was finished before stays. */
export const INTERRUPTED = t`interrupted; nothing unfinished was written`;

/** Wrong flags, configuration or input values. */
export const usageError = (message: Message): ExpectedError => new ExpectedError(EXIT.usage, message);

/** An engine, backend or part of the machine that was asked for is not there. */
export const unavailableError = (message: Message): ExpectedError => new ExpectedError(EXIT.unavailable, message);

/** The heap of a thread is full; `what` needed it. */
export const outOfMemoryError = (what: string): ExpectedError =>
  unavailableError(
    t`${what} needs more memory than Node.js allows; use fewer samples, seeds or recorded updates, or a smaller network, or raise the limit: NODE_OPTIONS=--max-old-space-size=8192 (MB)`,
  );

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: t`it does not exist`,
  EACCES: t`permission denied`,
  EPERM: t`operation not permitted`,
  EISDIR: t`it is a folder, not a file`,
  EEXIST: t`a part of the path is a file, not a folder`,
  ENOTDIR: t`a part of the path is a file, not a folder`,
  ENOSPC: t`the disk is full`,
  EROFS: t`the file system is read-only`,
  EDQUOT: t`your disk quota is used up`,
  EBUSY: t`it is in use, or another file system is mounted there`,
  EMFILE: t`too many files are open; raise the limit (ulimit -n)`,
  ENFILE: t`too many files are open on this machine`,
  ELOOP: t`its symbolic links lead in a circle`,
  ENAMETOOLONG: t`its name is too long`,
  EIO: t`the disk reports an error`,
  EFBIG: t`files may not be that large here (ulimit -f)`,
};

/** The error of a full quota by platform: Node has no name for it, and `node:os`, which has, is in no browser. */
const QUOTA_ERRNO: Readonly<Record<string, number>> = { linux: -122, darwin: -69 };

function codeOf(cause: NodeJS.ErrnoException | undefined): string | undefined {
  const isQuota = cause?.errno !== undefined && cause.errno === QUOTA_ERRNO[process.platform];
  return isQuota ? "EDQUOT" : cause?.code;
}

const FAILED = {
  read: (path: string, reason: string) => t`cannot read ${path}: ${reason}`,
  "read the run": (path: string, reason: string) => t`cannot read the run ${path}: ${reason}`,
  write: (path: string, reason: string) => t`cannot write ${path}: ${reason}`,
  open: (path: string, reason: string) => t`cannot open ${path}: ${reason}`,
};

/** A file or disk operation that failed, in words: `cannot read data.csv: it does not exist`. */
export function fileError(action: keyof typeof FAILED, path: string, cause: unknown): ExpectedError {
  const code = codeOf(cause as NodeJS.ErrnoException | undefined);
  const reason =
    (code === "ENOENT" && action === "write" && t`its folder does not exist or accepts no new files`) ||
    (code !== undefined && REASONS[code]) ||
    (cause instanceof Error ? cause.message : String(cause));
  return new ExpectedError(EXIT.file, FAILED[action](path, reason), { cause });
}

/**
 * What the machine refused, wherever in a command it was met: a working directory that is gone, no more open files, no
 * more memory or threads. Undefined for any other error, which is a bug or says itself what is wrong.
 */
export function machineError(error: unknown): ExpectedError | undefined {
  if (!(error instanceof Error) || error instanceof ExpectedError) return undefined;
  // From another thread an error comes with its message alone.
  const code = (error as NodeJS.ErrnoException).code ?? /^([A-Z]{3,}):/.exec(error.message)?.[1];
  if (code === "ENOENT" && error.message.includes("uv_cwd")) {
    return new ExpectedError(
      EXIT.file,
      t`the working directory is gone: it was deleted or moved; change to another one`,
    );
  }
  if (code === "EMFILE" || code === "ENFILE") {
    const [, path = t`a file`] = /, \w+ '([^']*)'/.exec(error.message) ?? [];
    return fileError("open", path, Object.assign(new Error(error.message), { code }));
  }
  // Node says so of a file that it could not open, too.
  if (code === "ERR_MODULE_NOT_FOUND") {
    return unavailableError(
      t`a part of bn-compare cannot be loaded (${error.message}): reinstall it; or, if too many files are open, raise the limit (ulimit -n)`,
    );
  }
  if (
    code === "ENOMEM" ||
    /Array buffer allocation failed|could not allocate memory|Out of memory/.test(error.message)
  ) {
    return outOfMemoryError(t`the command`);
  }
  if (code === "EAGAIN" || code === "ERR_WORKER_INIT_FAILED") {
    return unavailableError(
      t`the system refuses to start more threads or processes; use fewer workers (--workers 1), or raise the limit (ulimit -u)`,
    );
  }
  return undefined;
}
