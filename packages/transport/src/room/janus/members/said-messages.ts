import { limits, utf8Bytes } from '@sluice/protocol';
import type { CardMessage } from './participant-card.ts';

/** As many as may be said at once, and what two of the longest take: a card goes to everybody again with each change of it. */
const MOST = 2 * limits.appMessagesPerSecond;
const MOST_BYTES = 2 * limits.appMessageBytes;
/** A cut is noticed within seconds and a session taken back within a minute of it: what is older has come. Milliseconds. */
const MOST_AGE_MS = 120_000;

/** What we said last, without a gap: who was away meanwhile hears it from the card. The newest is among it, however long it is. */
export class SaidMessages {
  readonly #kept: { readonly message: CardMessage; readonly bytes: number; readonly at: number }[] = [];
  #bytes = 0;

  /** The newest is the last. */
  get all(): readonly CardMessage[] {
    return this.#kept.map(({ message }) => message);
  }

  /** @param now milliseconds of a clock that goes on */
  push(message: CardMessage, now: number): void {
    const bytes = utf8Bytes(JSON.stringify(message));
    this.#kept.push({ message, bytes, at: now });
    this.#bytes += bytes;
    while (this.#kept.length > 1 && this.#isTooMuch(now)) this.#bytes -= this.#kept.shift()!.bytes;
  }

  #isTooMuch(now: number): boolean {
    return this.#kept.length > MOST || this.#bytes > MOST_BYTES || this.#kept[0]!.at < now - MOST_AGE_MS;
  }
}
