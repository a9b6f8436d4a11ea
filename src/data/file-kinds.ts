import { Buffer } from "node:buffer";
import { t } from "../text/language.js";

/** What a file is that holds neither points nor weights as they are read here, and what would make it readable. */
interface FileKind {
  readonly name: string;
  readonly remedy: string;
  readonly matches: (bytes: Buffer) => boolean;
}

/** Names of a zip archive's first entries are within these bytes; those of the rest are in its directory at the end. */
const NAMES = 65_536;

const starts =
  (...prefixes: readonly (string | readonly number[])[]) =>
  (bytes: Buffer) =>
    prefixes.some((prefix) => {
      const wanted = typeof prefix === "string" ? Buffer.from(prefix, "latin1") : Buffer.from(prefix);
      return bytes.subarray(0, wanted.length).equals(wanted);
    });

const isZip = starts("PK\u0003\u0004", "PK\u0005\u0006");
const zipWith = (name: string) => (bytes: Buffer) =>
  isZip(bytes) && (bytes.subarray(0, NAMES).includes(name) || bytes.subarray(-NAMES).includes(name));
const textStarts = (pattern: RegExp) => (bytes: Buffer) =>
  pattern.test(
    bytes
      .subarray(0, 512)
      .toString("latin1")
      .replace(/^\u00ef\u00bb\u00bf/, "")
      .trimStart(),
  );

const AS_CSV = t`save it as CSV`;
const UNPACK = t`unpack it first`;

/** In the order of the tests: a workbook is a zip archive too. Signatures are those of the formats' own documents. */
const KINDS: readonly FileKind[] = [
  { name: t`an Excel workbook (.xlsx)`, remedy: t`${AS_CSV} in the spreadsheet program`, matches: zipWith("xl/") },
  {
    name: t`an OpenDocument spreadsheet (.ods)`,
    remedy: t`${AS_CSV} in the spreadsheet program`,
    matches: zipWith("opendocument.spreadsheet"),
  },
  { name: t`a PyTorch checkpoint`, remedy: t`save its state dict with safetensors`, matches: zipWith("data.pkl") },
  { name: t`a Keras model (.keras)`, remedy: t`save its kernels and biases with safetensors`, matches: zipWith(".h5") },
  { name: t`a NumPy archive (.npz)`, remedy: t`save its arrays as x.npy and y.npy`, matches: zipWith(".npy") },
  { name: t`a zip archive`, remedy: UNPACK, matches: isZip },
  {
    name: t`an old Excel workbook (.xls)`,
    remedy: t`${AS_CSV} in the spreadsheet program`,
    matches: starts([0xd0, 0xcf, 0x11, 0xe0]),
  },
  { name: t`a Parquet file`, remedy: AS_CSV, matches: starts("PAR1") },
  { name: t`an Arrow (Feather) file`, remedy: AS_CSV, matches: starts("ARROW1", "FEA1") },
  { name: t`an HDF5 file`, remedy: t`${AS_CSV} or safetensors`, matches: starts("\u0089HDF") },
  {
    name: t`a NumPy array (.npy)`,
    remedy: t`name it x.npy, with the targets beside it in y.npy`,
    matches: starts("\u0093NUMPY"),
  },
  {
    name: t`an IDX file of MNIST's kind`,
    remedy: t`give its folder as idx:DIR`,
    matches: starts([0, 0, 8, 1, 0], [0, 0, 8, 3, 0]),
  },
  { name: t`a SQLite database`, remedy: AS_CSV, matches: starts("SQLite format 3") },
  { name: t`an R data file`, remedy: AS_CSV, matches: starts("RDX2", "RDX3") },
  {
    name: t`a Python pickle`,
    remedy: t`${AS_CSV} or safetensors`,
    matches: starts([0x80, 2], [0x80, 3], [0x80, 4], [0x80, 5]),
  },
  { name: t`a PDF document`, remedy: AS_CSV, matches: starts("%PDF") },
  { name: t`a picture`, remedy: AS_CSV, matches: starts("\u0089PNG", [0xff, 0xd8, 0xff], "GIF8") },
  { name: t`compressed with bzip2`, remedy: UNPACK, matches: starts("BZh") },
  { name: t`compressed with xz`, remedy: UNPACK, matches: starts([0xfd, 0x37, 0x7a, 0x58, 0x5a]) },
  { name: t`compressed with zstd`, remedy: UNPACK, matches: starts([0x28, 0xb5, 0x2f, 0xfd]) },
  { name: t`a 7z archive`, remedy: UNPACK, matches: starts([0x37, 0x7a, 0xbc, 0xaf]) },
  {
    name: t`a tar archive`,
    remedy: UNPACK,
    matches: (bytes) => bytes.subarray(257, 262).toString("latin1") === "ustar",
  },
  {
    name: t`a Git LFS pointer, not the file itself`,
    remedy: t`run git lfs pull`,
    matches: textStarts(/^version https:\/\/git-lfs/),
  },
  {
    name: t`an HTML page`,
    remedy: t`download the file itself`,
    matches: textStarts(/^<(?:!doctype html|html|head)\b/i),
  },
  { name: "XML", remedy: AS_CSV, matches: textStarts(/^<\?xml/) },
  { name: "JSON", remedy: AS_CSV, matches: textStarts(/^(?:\{\s*["}]|\[\s*[[{])/) },
  { name: t`an ARFF file`, remedy: AS_CSV, matches: textStarts(/^@relation\b/i) },
];

/** What the bytes are by their signature, such as `an Excel workbook (.xlsx)`; undefined where no signature is known. */
export function fileKind(bytes: Uint8Array): Pick<FileKind, "name" | "remedy"> | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return KINDS.find(({ matches }) => matches(buffer));
}
