import { Buffer } from "node:buffer";

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

const AS_CSV = "save it as CSV";
const UNPACK = "unpack it first";

/** In the order of the tests: a workbook is a zip archive too. Signatures are those of the formats' own documents. */
const KINDS: readonly FileKind[] = [
  { name: "an Excel workbook (.xlsx)", remedy: `${AS_CSV} in the spreadsheet program`, matches: zipWith("xl/") },
  {
    name: "an OpenDocument spreadsheet (.ods)",
    remedy: `${AS_CSV} in the spreadsheet program`,
    matches: zipWith("opendocument.spreadsheet"),
  },
  { name: "a PyTorch checkpoint", remedy: "save its state dict with safetensors", matches: zipWith("data.pkl") },
  { name: "a Keras model (.keras)", remedy: "save its kernels and biases with safetensors", matches: zipWith(".h5") },
  { name: "a NumPy archive (.npz)", remedy: "save its arrays as x.npy and y.npy", matches: zipWith(".npy") },
  { name: "a zip archive", remedy: UNPACK, matches: isZip },
  {
    name: "an old Excel workbook (.xls)",
    remedy: `${AS_CSV} in the spreadsheet program`,
    matches: starts([0xd0, 0xcf, 0x11, 0xe0]),
  },
  { name: "a Parquet file", remedy: AS_CSV, matches: starts("PAR1") },
  { name: "an Arrow (Feather) file", remedy: AS_CSV, matches: starts("ARROW1", "FEA1") },
  { name: "an HDF5 file", remedy: `${AS_CSV} or safetensors`, matches: starts("\u0089HDF") },
  {
    name: "a NumPy array (.npy)",
    remedy: "name it x.npy, with the targets beside it in y.npy",
    matches: starts("\u0093NUMPY"),
  },
  {
    name: "an IDX file of MNIST's kind",
    remedy: "give its folder as idx:DIR",
    matches: starts([0, 0, 8, 1, 0], [0, 0, 8, 3, 0]),
  },
  { name: "a SQLite database", remedy: AS_CSV, matches: starts("SQLite format 3") },
  { name: "an R data file", remedy: AS_CSV, matches: starts("RDX2", "RDX3") },
  {
    name: "a Python pickle",
    remedy: `${AS_CSV} or safetensors`,
    matches: starts([0x80, 2], [0x80, 3], [0x80, 4], [0x80, 5]),
  },
  { name: "a PDF document", remedy: AS_CSV, matches: starts("%PDF") },
  { name: "a picture", remedy: AS_CSV, matches: starts("\u0089PNG", [0xff, 0xd8, 0xff], "GIF8") },
  { name: "compressed with bzip2", remedy: UNPACK, matches: starts("BZh") },
  { name: "compressed with xz", remedy: UNPACK, matches: starts([0xfd, 0x37, 0x7a, 0x58, 0x5a]) },
  { name: "compressed with zstd", remedy: UNPACK, matches: starts([0x28, 0xb5, 0x2f, 0xfd]) },
  { name: "a 7z archive", remedy: UNPACK, matches: starts([0x37, 0x7a, 0xbc, 0xaf]) },
  {
    name: "a tar archive",
    remedy: UNPACK,
    matches: (bytes) => bytes.subarray(257, 262).toString("latin1") === "ustar",
  },
  {
    name: "a Git LFS pointer, not the file itself",
    remedy: "run git lfs pull",
    matches: textStarts(/^version https:\/\/git-lfs/),
  },
  { name: "an HTML page", remedy: "download the file itself", matches: textStarts(/^<(?:!doctype html|html|head)\b/i) },
  { name: "XML", remedy: AS_CSV, matches: textStarts(/^<\?xml/) },
  { name: "JSON", remedy: AS_CSV, matches: textStarts(/^(?:\{\s*["}]|\[\s*[[{])/) },
  { name: "an ARFF file", remedy: AS_CSV, matches: textStarts(/^@relation\b/i) },
];

/** What the bytes are by their signature, such as `an Excel workbook (.xlsx)`; undefined where no signature is known. */
export function fileKind(bytes: Uint8Array): Pick<FileKind, "name" | "remedy"> | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return KINDS.find(({ matches }) => matches(buffer));
}
