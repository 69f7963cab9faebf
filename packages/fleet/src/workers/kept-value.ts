import type { KV } from '@nats-io/kv';
import { fleetError } from '../errors.ts';
import { compareAndSet } from '../store/compare-and-set.ts';
import { jsonText } from '../store/json-text.ts';

const MOST_BYTES = 256 * 1024;
const AGAIN_MS = 500;

interface Written {
  /** The lease under which it was written: a later bot's is higher. */
  readonly lease: number;
  readonly value: unknown;
}

/** What a bot keeps for the next one of its job: one write at a time, the last value of all, never over a later bot's. */
export class KeptValue {
  readonly #bucket: KV;
  readonly #job: string;
  readonly #lease: number;
  /** Of the last writing that is known; 0 where there is none. */
  #revision = 0;
  #next: string | undefined;
  #writing: Promise<void> | undefined;
  #ended = false;

  constructor(bucket: KV, job: string, lease: number) {
    this.#bucket = bucket;
    this.#job = job;
    this.#lease = lease;
  }

  async read(): Promise<unknown> {
    const entry = await this.#bucket.get(this.#job);
    if (entry === null || entry.operation !== 'PUT') return undefined;
    this.#revision = entry.revision;
    return entry.json<Written>().value;
  }

  write(value: unknown): void {
    const text = jsonText('keep', { lease: this.#lease, value } satisfies Written);
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST_BYTES)
      throw fleetError('SLUICE_JOB_QUOTA', `the job ${this.#job} keeps more than it may`, {
        expected: `${MOST_BYTES} bytes of JSON at most`,
        received: bytes,
        fix: 'Keep what the next bot needs to go on, and no media',
      });
    this.#next = text;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Resolves when the last value is written, or nothing more is. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** Nothing is written any more. */
  end(): void {
    this.#ended = true;
  }

  async #write(): Promise<void> {
    while (this.#next !== undefined && !this.#ended) {
      const text = this.#next;
      this.#next = undefined;
      try {
        if (await this.#put(text)) continue;
        this.#ended = true;
      } catch {
        this.#next ??= text;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  /** False where a later bot has written, or what this one wrote was forgotten: the job was dispatched anew. */
  async #put(text: string): Promise<boolean> {
    for (;;) {
      const written = await compareAndSet(
        this.#revision === 0
          ? this.#bucket.create(this.#job, text)
          : this.#bucket.update(this.#job, text, this.#revision),
      );
      if (written !== undefined) {
        this.#revision = written;
        return true;
      }
      const entry = await this.#bucket.get(this.#job);
      const isKept = entry?.operation === 'PUT';
      const isForgotten = entry !== null && !isKept;
      if (isForgotten && this.#revision !== 0) return false;
      if (isKept && entry.json<Written>().lease > this.#lease) return false;
      this.#revision = isKept ? entry.revision : 0;
    }
  }
}
