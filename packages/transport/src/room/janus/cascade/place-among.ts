/**
 * Where one publishes of those who come in the same moment: all count the same, so that all would go to the same server, but a server lets one
 * after the other in. The first of them goes to the server that the fewest use, the next one to the one that the fewest use then, and so on.
 *
 * @param used how many use each server, by host and port, as it was counted before.
 * @param before how many came in between the count and us.
 */
export function placeAmong(used: ReadonlyMap<string, number>, before: number): string {
  const counts = new Map([...used].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  for (let n = 0; ; n += 1) {
    const [host, count] = [...counts].reduce((best, one) => (one[1] < best[1] ? one : best));
    if (n >= before) return host;
    counts.set(host, count + 1);
  }
}
