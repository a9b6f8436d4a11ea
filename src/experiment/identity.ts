import { byteDigest, type Digest } from "../data/digest.js";
import type { ResolvedConfig } from "../record/config.js";

/**
 * The part of a configuration that determines the numbers: without the preset, whose values are all there, and without how
 * files of points were read, of which the digests of their values are there.
 */
export function determining<C extends Partial<ResolvedConfig>>(config: C) {
  const { preset: _preset, target: _target, columns: _columns, delimiter: _delimiter, ...rest } = config;
  return rest;
}

/** SHA-256 of a configuration, of which the order of its keys is a part. */
export function identityOf(config: object): Digest {
  return byteDigest(JSON.stringify(config));
}
