import type { Speech } from './messages.ts';

/** What an entry costs beside its samples, in bytes. */
const ENTRY_BYTES = 1_000;

/** Speech by what was asked, up to so many bytes; what was not asked for longest leaves first. */
export class SpeechCache {
  readonly #limitBytes: number;
  readonly #entries = new Map<string, Speech>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get(key: string): Speech | undefined {
    const speech = this.#entries.get(key);
    if (speech === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, speech);
    return speech;
  }

  /** Keeps it as it is: whoever gets it copies the samples. */
  set(key: string, speech: Speech): void {
    if (sizeOf(speech) > this.#limitBytes || this.#entries.has(key)) return;
    this.#entries.set(key, speech);
    this.#bytes += sizeOf(speech);
    for (const [oldest, { samples, times }] of this.#entries) {
      if (this.#bytes <= this.#limitBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= sizeOf({ samples, times });
    }
  }
}

function sizeOf({ samples }: Speech): number {
  return samples.byteLength + ENTRY_BYTES;
}
