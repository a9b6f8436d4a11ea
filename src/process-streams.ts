import { fstatSync, writeFileSync } from "node:fs";
import { isatty } from "node:tty";
import type { StreamName } from "./command-thread.js";
import type { OutputStream, WriteFailure } from "./output/terminal.js";

export interface ProcessStream extends OutputStream {
  /** Calls back with the columns of a terminal whenever they change. */
  onResize(changed: (columns: number) => void): void;
}

/** The process's own stdout and stderr. Failures reach whoever wrote, and nobody else. */
export function processStreams(): Record<StreamName, ProcessStream> {
  return { stdout: streamOf(process.stdout, 1), stderr: streamOf(process.stderr, 2) };
}

function streamOf(stream: NodeJS.WriteStream, descriptor: number): ProcessStream {
  stream.on("error", () => {});
  return {
    isTTY: stream.isTTY,
    columns: stream.columns,
    write: writesToFile(descriptor)
      ? (text, done) => done(writeToFile(descriptor, text))
      : (text, done) => stream.write(text, done),
    onResize(changed) {
      if (stream.isTTY) stream.on("resize", () => changed(stream.columns));
    },
  };
}

/** A file, or a device that is not a terminal. */
function writesToFile(descriptor: number): boolean {
  try {
    const about = fstatSync(descriptor);
    return about.isFile() || (about.isCharacterDevice() && !isatty(descriptor));
  } catch {
    return false;
  }
}

/** Node's own stream over a file calls a text written of which only the beginning fitted on the disk. */
function writeToFile(descriptor: number, text: string): WriteFailure | undefined {
  try {
    writeFileSync(descriptor, text);
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
