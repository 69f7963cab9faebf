import { levelOf, squaresOf } from '../../level-meter.ts';

/**
 * How loud a device is as it is played, which is later than it was written: keeps the loudness of every 10 ms that waits.
 * Memory grows with what waits and is used again.
 */
export class PlayedLevel {
  readonly #channels: number;
  readonly #block: number;
  readonly #onClose: (level: PlayedLevel) => void;
  /** Rings of the blocks that wait: where each ends, how long it is, its squares. */
  #ends = new Float64Array(64);
  #lengths = new Float64Array(64);
  #squares = new Float64Array(64);
  #first = 0;
  #waiting = 0;
  #silenceBefore: number | undefined;
  readonly #position: () => { readonly played: number; readonly silence: number };

  /** @param position where playing is, and the silence inserted so far, in samples per channel */
  constructor(
    { sampleRate, channels }: { readonly sampleRate: number; readonly channels: number },
    position: () => { readonly played: number; readonly silence: number },
    onClose: (level: PlayedLevel) => void,
  ) {
    this.#channels = channels;
    this.#block = Math.max(1, Math.round(sampleRate / 100));
    this.#position = position;
    this.#onClose = onClose;
  }

  /** What was written, ending at this sample of the device. */
  write(samples: Int16Array, end: number): void {
    const frames = samples.length / this.#channels;
    for (let from = 0; from < frames; from += this.#block) {
      const to = Math.min(frames, from + this.#block);
      const squares = squaresOf(samples, from * this.#channels, to * this.#channels);
      this.#add(end - frames + to, to - from, squares);
    }
  }

  /** What waits is not played. */
  drop(): void {
    this.#waiting = 0;
  }

  /** 0 to 1, of what was played since it was read last, inserted silence included. */
  read(): number {
    const { played, silence } = this.#position();
    let frames = silence - (this.#silenceBefore ?? silence);
    this.#silenceBefore = silence;
    let squares = 0;
    while (this.#waiting > 0 && this.#ends[this.#first]! <= played) {
      squares += this.#squares[this.#first]!;
      frames += this.#lengths[this.#first]!;
      this.#first = (this.#first + 1) % this.#ends.length;
      this.#waiting--;
    }
    return levelOf(squares, Math.max(0, frames) * this.#channels);
  }

  close(): void {
    this.#onClose(this);
  }

  #add(end: number, length: number, squares: number): void {
    if (this.#waiting === this.#ends.length) this.#grow();
    const at = (this.#first + this.#waiting++) % this.#ends.length;
    this.#ends[at] = end;
    this.#lengths[at] = length;
    this.#squares[at] = squares;
  }

  #grow(): void {
    const unrolled = (ring: Float64Array) => {
      const grown = new Float64Array(2 * ring.length);
      for (let n = 0; n < ring.length; n++) grown[n] = ring[(this.#first + n) % ring.length]!;
      return grown;
    };
    [this.#ends, this.#lengths, this.#squares] = [
      unrolled(this.#ends),
      unrolled(this.#lengths),
      unrolled(this.#squares),
    ];
    this.#first = 0;
  }
}
