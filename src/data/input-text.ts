import { usageError } from "../errors.js";
import { t } from "../text/language.js";
import { fileKind } from "./file-kinds.js";
import { isGzip, unpacked } from "./gzip.js";

/** Encodings in which text is read; Windows-1252 is what remains when nothing else fits. */
export type Encoding = "UTF-8" | "UTF-16" | "Windows-1252";

/** A file's text, and how it was found in the bytes. */
export interface InputText {
  readonly text: string;
  readonly encoding: Encoding;
  /** The text's own bytes, without the compression. */
  readonly bytes: Uint8Array;
  readonly compressed: boolean;
}

/** Without a byte order mark, UTF-16 is known by the zero bytes beside the first characters of ASCII. */
const SEEN = 64;

/**
 * The text of a file's bytes: UTF-8, UTF-16 with or without a byte order mark, or Windows-1252, each also in gzip. Throws a
 * usage error that says what the file is instead.
 */
export function inputText(given: Uint8Array, file: string): InputText {
  const compressed = isGzip(given);
  const bytes = compressed ? unpacked(given, file, "points") : given;
  if (compressed && isGzip(bytes)) throw usageError(t`${file}: this is gzip inside gzip; unpack it once`);
  const kind = fileKind(bytes);
  if (kind !== undefined) {
    throw usageError(t`${file}: this is ${kind.name}${compressed ? t` inside gzip` : ""}; ${kind.remedy}`);
  }
  const [encoding, label] = encodingOf(bytes, file);
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    if (encoding === "UTF-16") throw usageError(t`${file}: this is UTF-16 text that is damaged or cut off`);
    return { ...singleBytes(bytes, file), bytes, compressed };
  }
  refuseBinary(text, file);
  return { text, encoding, bytes, compressed };
}

function encodingOf(bytes: Uint8Array, file: string): [Encoding, label: string] {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    throw usageError(t`${file}: this is UTF-32 text; save it as UTF-8`);
  }
  if (a === 0xff && b === 0xfe) return ["UTF-16", "utf-16le"];
  if (a === 0xfe && b === 0xff) return ["UTF-16", "utf-16be"];
  const head = bytes.subarray(0, Math.min(SEEN, bytes.length & ~1));
  const zeros = (parity: number) => head.filter((byte, i) => i % 2 === parity && byte === 0).length;
  const [even, odd] = [zeros(0), zeros(1)];
  if (head.length > 0 && even === 0 && odd > head.length / 4) return ["UTF-16", "utf-16le"];
  if (head.length > 0 && odd === 0 && even > head.length / 4) return ["UTF-16", "utf-16be"];
  return ["UTF-8", "utf-8"];
}

function singleBytes(bytes: Uint8Array, file: string): Pick<InputText, "text" | "encoding"> {
  const text = new TextDecoder("windows-1252").decode(bytes);
  refuseBinary(text, file);
  return { text, encoding: "Windows-1252" };
}

/** Control characters but white space; the end-of-file mark of DOS and ESC also get into texts. */
const CONTROLS = /[^\P{Cc}\s]/gu;
const IN_TEXTS = new Set([0x1a, 0x1b]);

function refuseBinary(text: string, file: string): void {
  for (const { 0: character, index } of text.matchAll(CONTROLS)) {
    const code = character.charCodeAt(0);
    // From U+007F on they are what Windows-1252 leaves undefined.
    if (code >= 0x7f || IN_TEXTS.has(code)) continue;
    let line = 1;
    for (let i = text.indexOf("\n"); i >= 0 && i < index; i = text.indexOf("\n", i + 1)) line++;
    throw usageError(
      t`${file}:${line}: this is not text: it contains the byte 0x${code.toString(16).padStart(2, "0")}`,
    );
  }
}
