import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { float32Digest, indexDigest, shortDigest } from "../../src/data/digest.js";

const fromBits = (...bits: number[]) => new Float32Array(Uint32Array.from(bits).buffer);

describe("the digest of float32 values", () => {
  test("is the SHA-256 of their little-endian bytes, one array after the other", () => {
    const bytes = Buffer.from("0000803f000000c0", "hex");
    const digest = createHash("sha256").update(bytes).digest("hex");
    expect(float32Digest([1, -2])).toBe(digest);
    expect(float32Digest([1], Float32Array.of(-2))).toBe(digest);
    expect(float32Digest(Float64Array.of(1, -2))).toBe(digest);
  });

  test.each([
    ["quiet, as arm64 makes it", 0x7fc00000],
    ["negative, as x86 makes it", 0xffc00000],
    ["with a payload", 0x7fc12345],
    ["signaling", 0x7f800001],
  ])("knows one NaN only: %s", (_, bits) => {
    const values = fromBits(0x3f800000, bits);
    expect(values[1]).toBeNaN();
    expect(float32Digest(values)).toBe(float32Digest([1, Number.NaN]));
    expect(float32Digest(values)).toBe(createHash("sha256").update("0000803f0000c07f", "hex").digest("hex"));
  });

  test("tells 0 from −0, ∞ from −∞ and from NaN, and denormals from 0", () => {
    const values = [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e-45, -1e-45];
    expect(new Set(values.map((value) => float32Digest([value]))).size).toBe(values.length);
  });
});

test("the digest of indices is the SHA-256 of little-endian 32-bit integers", () => {
  const digest = createHash("sha256").update("0100000000000000ff000000", "hex").digest("hex");
  expect(indexDigest([1, 0, 255])).toBe(digest);
});

describe("the short digest", () => {
  test("is FNV-1a over the values' 32-bit words", () => {
    const word = (hash: number, bits: number) => Number(BigInt.asUintN(32, BigInt(hash ^ bits) * 16777619n));
    const expected = word(word(2166136261, 0x3f800000), 0x40000000);
    expect(shortDigest(Float32Array.of(1, 2))).toBe(expected.toString(16).padStart(8, "0"));
    expect(shortDigest(Float64Array.of(1, 2))).toBe(shortDigest(Float32Array.of(1, 2)));
  });

  test("never is the same for arrays that differ in one value", () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1 }), fc.nat(), fc.float(), (values, at, other) => {
        const changed = values.slice();
        changed[at % values.length] = other;
        const same = Object.is(changed[at % values.length], values[at % values.length]);
        expect(shortDigest(changed) === shortDigest(values)).toBe(same);
      }),
    );
  });

  test("knows one NaN only", () => {
    expect(shortDigest(fromBits(0xffc00001))).toBe(shortDigest(fromBits(0x7f800001)));
  });
});
