/**
 * Places labels beside a chart: as near as possible to where they belong (`wanted`, px from the top), in the same order,
 * at least `gap` px apart and between `top` and `bottom`. Returns the places in the order given.
 */
export function spreadLabels(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const blocks: { members: number[]; center: number }[] = [];
  for (const index of order) {
    let block = { members: [index], center: wanted[index] ?? 0 };
    // Neighbours that would touch move together, around the mean of what they wanted.
    for (let above = blocks.at(-1); above !== undefined && touches(above, block, gap); above = blocks.at(-1)) {
      blocks.pop();
      const members: number[] = [...above.members, ...block.members];
      block = { members, center: members.reduce((sum, member) => sum + (wanted[member] ?? 0), 0) / members.length };
    }
    blocks.push(block);
  }
  const places = blocks.flatMap(({ members, center }) =>
    members.map((_, row) => center + (row - (members.length - 1) / 2) * gap),
  );
  const downward: number[] = [];
  for (const place of places) downward.push(Math.max(place, (downward.at(-1) ?? top - gap) + gap));
  const upward: number[] = [];
  for (const place of downward.reverse()) upward.unshift(Math.min(place, (upward[0] ?? bottom + gap) - gap));
  return wanted.map((_, index) => upward[order.indexOf(index)] ?? top);
}

function touches(above: { members: number[]; center: number }, below: typeof above, gap: number): boolean {
  return below.center - above.center < ((above.members.length + below.members.length) / 2) * gap;
}
