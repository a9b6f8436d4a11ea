/** At most `limit` items, evenly, with the first and the last; those of `keep` replace the nearest others. */
export function chooseEvenly(items: readonly number[], limit: number, keep: readonly number[] = []): number[] {
  if (items.length <= limit) return [...items];
  const places = Array.from({ length: limit }, (_, step) => Math.round((step * (items.length - 1)) / (limit - 1)));
  const kept = keep.map((item) => items.indexOf(item));
  for (const place of kept) {
    if (place < 0 || places.includes(place)) continue;
    const [nearest] = places
      .filter((taken) => taken !== 0 && taken !== items.length - 1 && !kept.includes(taken))
      .sort((one, other) => Math.abs(one - place) - Math.abs(other - place));
    if (nearest !== undefined) places[places.indexOf(nearest)] = place;
  }
  return places.sort((a, b) => a - b).flatMap((place) => items[place] ?? []);
}
