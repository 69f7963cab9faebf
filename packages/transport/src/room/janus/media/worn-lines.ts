import { isRelay } from '../members/feed-role.ts';
import type { SubscribedLine } from './subscriptions-diff.ts';

/**
 * M-lines that carried media of another server. Janus numbers packets on when their SSRC changes, and gives relayed media one by the place
 * of its m-line: a second one of that place would go on with numbers that the first one had, and nobody would take its packets.
 */
export class WornLines {
  /** By m-line the place of the last relayed media. */
  readonly #places = new Map<string, string>();

  /** Whether one of the lines that are there now cannot be used, after those that were there before. */
  take(now: readonly SubscribedLine[], before: readonly SubscribedLine[]): boolean {
    let isWorn = false;
    for (const { mid, source } of now) {
      const goesOn = before.some((line) => line.mid === mid && line.source.feed === source.feed);
      if (goesOn) continue;
      if (!isRelay(source.feed)) this.#places.delete(mid);
      else if (this.#places.get(mid) === source.mid) isWorn = true;
      else this.#places.set(mid, source.mid);
    }
    return isWorn;
  }

  /** Another connection has other lines. */
  clear(): void {
    this.#places.clear();
  }
}
