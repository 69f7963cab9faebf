import { monotonicMs } from './monotonic-ms.ts';

/** A sample beyond this is sound. */
const SOUND = 3_000;

/** What was heard since the last `start`, mono. */
export class Recording {
  #pieces: Int16Array[] = [];
  #soundAt = Number.NaN;

  /** When sound last came in, in milliseconds that all processes share. */
  get soundAt(): number {
    return this.#soundAt;
  }

  start(): void {
    this.#pieces = [];
  }

  /** Copies the samples. */
  add(samples: Int16Array): void {
    this.#pieces.push(samples.slice());
    if (samples.some((sample) => sample > SOUND)) this.#soundAt = monotonicMs();
  }

  take(): Int16Array {
    const pieces = this.#pieces;
    const samples = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
      samples.set(piece, offset);
      offset += piece.length;
    }
    return samples;
  }
}
