/** From this length on a RIFF file cannot say how long it is. */
const LARGEST_RIFF = 0xffff_ffff;
const DS64 = 12;

/**
 * The head of a WAV file, which the library writes as RF64 and at the end. Here it is RIFF with room for more until the file is
 * too long for that, and true whenever it is written.
 */
export class RiffHead {
  readonly #head: Uint8Array;
  readonly #block: number;
  readonly #largest: number;

  /**
   * @param head as the library begins a file
   * @param block bytes of one sample of all channels
   */
  constructor(head: Uint8Array, block: number, largest = LARGEST_RIFF) {
    this.#head = head;
    this.#block = block;
    this.#largest = largest;
  }

  /** In bytes. */
  get length(): number {
    return this.#head.length;
  }

  /** For so many bytes of sound; undefined: nobody knows, as in a pipe. */
  of(bytes: number | undefined): Uint8Array {
    const head = this.#head.slice();
    const view = new DataView(head.buffer);
    const whole = bytes === undefined ? undefined : this.length + bytes + (bytes % 2);
    if (whole !== undefined && bytes !== undefined && whole > this.#largest) {
      this.#name(head, 'RF64', 'ds64', LARGEST_RIFF, LARGEST_RIFF);
      view.setBigUint64(DS64 + 8, BigInt(whole - 8), true);
      view.setBigUint64(DS64 + 16, BigInt(bytes), true);
      view.setBigUint64(DS64 + 24, BigInt(Math.floor(bytes / this.#block)), true);
      return head;
    }
    this.#name(head, 'RIFF', 'JUNK', whole === undefined ? LARGEST_RIFF : whole - 8, bytes ?? LARGEST_RIFF);
    head.fill(0, DS64 + 8, DS64 + 32);
    return head;
  }

  #name(head: Uint8Array, form: string, room: string, whole: number, sound: number): void {
    const view = new DataView(head.buffer);
    head.set(Buffer.from(form), 0);
    head.set(Buffer.from(room), DS64);
    view.setUint32(4, whole, true);
    view.setUint32(this.length - 4, sound, true);
  }
}
