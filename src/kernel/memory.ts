/**
 * The one exported memory. Everything is allocated once, when a network is built or first observed, and lives as long
 * as the instance: a network that is not needed any more is dropped with its instance.
 */
let top: usize = 0;

/** `bytes` zeroed bytes at a cache line's start, followed by a line that vector loads may read. Traps when full. */
export function allocate(bytes: usize): usize {
  if (!top) top = (__heap_base + 63) & ~63;
  const at = top;
  top += ((bytes + 63) & ~63) + 64;
  const pages = <i32>((top + 0xffff) >> 16) - memory.size();
  if (top < at || (pages > 0 && memory.grow(pages) < 0)) unreachable();
  return at;
}
