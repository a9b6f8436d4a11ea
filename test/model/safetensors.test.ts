import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EXIT, ExpectedError } from "../../src/errors.js";
import { readSafetensors, writeSafetensors } from "../../src/model/safetensors.js";
import type { Tensor, TensorMap } from "../../src/model/tensors.js";

const vector = (...values: number[]): Tensor => ({ shape: [values.length], data: Float32Array.from(values) });

/** A file with that header, whatever it says, and that many bytes of values behind it. */
function fileWith(header: unknown, values = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + values);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes, "w.safetensors");
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(EXIT.usage);
    return (error as ExpectedError).message;
  }
  throw new Error("nothing was refused");
}

const tensor: fc.Arbitrary<Tensor> = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, n) => product * n, 1);
  return fc
    .array(fc.float(), { minLength: length, maxLength: length })
    .map((values) => ({ shape, data: Float32Array.from(values) }));
});

const tensors: fc.Arbitrary<TensorMap> = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,6}\.[0-9]$/), tensor), { selector: ([name]) => name })
  .map((entries) => new Map(entries));

describe("what is written", () => {
  test("has the same bytes for every NaN", () => {
    const nans = new Float32Array(Uint32Array.of(0x7fc00000, 0xffc00000, 0x7fc12345, 0x7f800001).buffer);
    const bytes = writeSafetensors(new Map([["t", { shape: [4], data: nans }]]), {});
    expect(Buffer.from(bytes.subarray(-16)).toString("hex")).toBe("0000c07f".repeat(4));
  });

  test("reads back bit for bit, names, shapes, values and metadata, in the same order", () => {
    fc.assert(
      fc.property(tensors, fc.string(), (written, text) => {
        const read = readSafetensors(writeSafetensors(written, { text }), "w.safetensors");
        expect([...read.tensors]).toEqual([...written]);
        expect(read.metadata).toEqual({ text });
      }),
    );
  });

  test("is the same bytes for the same tensors", () => {
    fc.assert(
      fc.property(tensors, (written) => {
        expect(writeSafetensors(new Map(written), { a: "b" })).toEqual(writeSafetensors(written, { a: "b" }));
      }),
    );
  });

  test("has the header's length first, values aligned to 8 bytes, little-endian", () => {
    const bytes = writeSafetensors(new Map([["v", vector(1, -2)]]), {});
    const view = new DataView(bytes.buffer);
    const header = Number(view.getBigUint64(0, true));
    expect(header % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + header)))).toEqual({
      __metadata__: {},
      v: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    });
    expect([...bytes.subarray(8 + header)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test("is rounded to float32", () => {
    const bytes = writeSafetensors(new Map([["v", { shape: [1], data: Float64Array.of(0.1) }]]), {});
    expect(readSafetensors(bytes, "w.safetensors").tensors.get("v")?.data).toEqual(Float32Array.of(0.1));
  });
});

describe("what is read", () => {
  test("may be float64, may lie anywhere in the file, and may stand in the middle of a buffer", () => {
    const file = fileWith(
      {
        late: { dtype: "F64", shape: [1, 1], data_offsets: [4, 12] },
        early: { dtype: "F32", shape: [], data_offsets: [0, 4] },
      },
      12,
    );
    const view = new DataView(file.buffer, file.length - 12);
    view.setFloat32(0, 1.5, true);
    view.setFloat64(4, 0.1, true);
    const embedded = new Uint8Array(file.length + 3);
    embedded.set(file, 3);
    const { tensors, metadata } = readSafetensors(embedded.subarray(3), "w.safetensors");
    expect(tensors.get("late")).toEqual({ shape: [1, 1], data: Float64Array.of(0.1) });
    expect(tensors.get("early")).toEqual({ shape: [], data: Float32Array.of(1.5) });
    expect(metadata).toEqual({});
  });
});

describe("a hostile file is refused with its name and why", () => {
  const entry = (change: Record<string, unknown>) =>
    fileWith({ v: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...change } }, 8);

  test("the entry that the next ones change is itself read", () => {
    expect(readSafetensors(entry({}), "w.safetensors").tensors.get("v")).toEqual(vector(0, 0));
  });

  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(0), "it is shorter than its header"],
    ["seven bytes", new Uint8Array(7), "it is shorter than its header"],
    [
      "a header longer than the file",
      Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 0x7b),
      "its header is longer than the file",
    ],
    ["an enormous header", new Uint8Array(64).fill(255), "its header is longer than the file"],
    ["text", new TextEncoder().encode("x,y\n1,2\n3,4\n"), "its header is longer than the file"],
    ["no JSON", fileWith("{oops"), "its header is not JSON"],
    ["an empty header", fileWith(""), "its header is not JSON"],
    ["a header that is a number", fileWith("7"), "its header is not an object"],
    ["a header that is null", fileWith("null"), "its header is not an object"],
    ["an entry that is null", fileWith({ v: null }), 'the entry of "v" lacks dtype, shape or data_offsets'],
    ["no dtype", entry({ dtype: undefined }), 'the entry of "v" lacks dtype'],
    ["a shape that is a number", entry({ shape: 2 }), 'the entry of "v" lacks'],
    ["a negative size", entry({ shape: [-2] }), 'the entry of "v" lacks'],
    ["a broken size", entry({ shape: [0.5] }), 'the entry of "v" lacks'],
    ["one offset", entry({ data_offsets: [0] }), 'the entry of "v" lacks'],
    ["a negative offset", entry({ data_offsets: [-8, 0] }), 'the entry of "v" lacks'],
    ["offsets beyond the file", entry({ data_offsets: [8, 16] }), "the file is truncated"],
    ["offsets the wrong way round", entry({ data_offsets: [8, 0] }), 'the values of "v" do not fit its shape [2]'],
    ["offsets of another length", entry({ data_offsets: [0, 4] }), 'the values of "v" do not fit its shape [2]'],
    ["more values than there are", entry({ shape: [4096, 4096] }), "do not fit its shape [4096, 4096]"],
    ["sizes beyond all numbers", entry({ shape: new Array(40).fill(2 ** 52) }), "do not fit its shape"],
    ["a name that a terminal would obey", fileWith({ "\u001b[31m": null }), 'the entry of "\\u{1b}[31m" lacks'],
    ["a long name", fileWith({ ["v".repeat(10_000)]: null }), `the entry of "${"v".repeat(60)}…" lacks`],
  ])("%s", (_, bytes, why) => {
    const message = refusal(bytes);
    expect(message).toMatch(/^w\.safetensors: /);
    expect(message).toContain(why);
  });

  test("cut off anywhere", () => {
    const whole = writeSafetensors(new Map([["v", vector(1, 2, 3)]]), { a: "b" });
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length))).toMatch(/^w\.safetensors: this is not a safetensors file: /);
    }
  });

  test("any bytes at all are either read or refused, never another failure", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map((header) => fileWith(header, 8)),
    );
    fc.assert(
      fc.property(bytes, (content) => {
        try {
          readSafetensors(content, "w.safetensors");
        } catch (error) {
          expect(error).toBeInstanceOf(ExpectedError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("what the format forbids", () => {
  test("two tensors that overlap", () => {
    const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
    expect(refusal(fileWith({ a: entry, b: { ...entry, data_offsets: [4, 12] } }, 12))).toContain("overlap");
  });

  test.each([7, null, ["a"], { a: 1 }])("metadata that is not a list of texts: %j", (metadata) => {
    expect(refusal(fileWith({ __metadata__: metadata }))).toContain("__metadata__");
  });
});

describe("types of values", () => {
  const words = (dtype: string, ...values: number[]) => {
    const header = JSON.stringify({ v: { dtype, shape: [values.length], data_offsets: [0, values.length * 2] } });
    const bytes = Buffer.alloc(8 + header.length + values.length * 2);
    bytes.writeBigUInt64LE(BigInt(header.length));
    bytes.write(header, 8);
    for (const [i, value] of values.entries()) bytes.writeUInt16LE(value, 8 + header.length + i * 2);
    return readSafetensors(bytes, "w.safetensors");
  };

  test("float16: 1, −2, the smallest, the largest, 1/3, infinity, NaN", () => {
    const { tensors } = words("F16", 0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0xfc00, 0x7e00);
    const expected = [1, -2, 2 ** -24, 65504, 0.333251953125, Number.NEGATIVE_INFINITY, Number.NaN];
    expect([...(tensors.get("v")?.data ?? [])]).toEqual(expected);
  });

  test("bfloat16: 1, −2, 3.140625, infinity", () => {
    const { tensors } = words("BF16", 0x3f80, 0xc000, 0x4049, 0x7f80);
    expect([...(tensors.get("v")?.data ?? [])]).toEqual([1, -2, 3.140625, Number.POSITIVE_INFINITY]);
  });

  test("of integers and types to come only the name is read", () => {
    expect(words("I16", 1).unread).toEqual(new Map([["v", "I16"]]));
    expect(words("F4", 1).tensors.size).toBe(0);
    expect(words("constructor", 1).unread).toEqual(new Map([["v", "constructor"]]));
  });
});
