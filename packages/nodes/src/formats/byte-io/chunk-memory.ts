/** Memory that copies are cut from, in bytes: a third of a second of 48 kHz stereo. A kept copy keeps all of it. */
const SLAB_BYTES = 65_536;
/** Slabs that wait to be used again; a stream that holds back more bytes than these is slow anyway. */
const KEPT = 4;

/** Copies of samples for a stream, which keeps them until it calls back or, without `reuse`, for as long as it likes. */
export class ChunkMemory {
  readonly #reuse: boolean;
  readonly #free: Slab[] = [];
  #slab: Slab | undefined;

  constructor(reuse: boolean) {
    this.#reuse = reuse;
  }

  copy({ buffer, byteOffset, byteLength }: Int16Array): Buffer {
    if (this.#slab?.fits(byteLength) !== true) {
      this.#slab?.leave();
      this.#slab = this.#next(byteLength);
    }
    const bytes = this.#slab.cut(byteLength);
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
    return bytes;
  }

  /** To be called when nobody reads the last copy any more. */
  get written(): (() => void) | undefined {
    return this.#reuse ? this.#slab?.written : undefined;
  }

  #next(byteLength: number): Slab {
    const free = this.#free.at(-1);
    if (free?.fits(byteLength)) return this.#free.pop()!;
    return new Slab(Math.max(SLAB_BYTES, byteLength), (slab) => {
      if (this.#free.length < KEPT) this.#free.push(slab);
    });
  }
}

/** A stretch of memory that is cut from the front, and whole again when all that was cut is written and it was left. */
class Slab {
  readonly #bytes: Buffer;
  readonly #whenFree: (slab: Slab) => void;
  #cut = 0;
  #unwritten = 0;
  #left = false;

  constructor(byteLength: number, whenFree: (slab: Slab) => void) {
    this.#bytes = Buffer.allocUnsafeSlow(byteLength);
    this.#whenFree = whenFree;
  }

  fits(byteLength: number): boolean {
    return byteLength <= this.#bytes.length - this.#cut;
  }

  cut(byteLength: number): Buffer {
    this.#unwritten++;
    this.#cut += byteLength;
    return this.#bytes.subarray(this.#cut - byteLength, this.#cut);
  }

  /** Nothing more is cut. */
  leave(): void {
    this.#left = true;
    this.#free();
  }

  readonly written = (): void => {
    this.#unwritten--;
    this.#free();
  };

  #free(): void {
    if (!this.#left || this.#unwritten > 0) return;
    this.#left = false;
    this.#cut = 0;
    this.#whenFree(this);
  }
}
