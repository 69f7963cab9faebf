// Bytes in and out of files and streams, whatever they mean. Knows no format.

/** A line of text, and whether it ended with a newline rather than with the input or at the limit. */
export interface ByteLine {
  readonly text: string;
  readonly complete: boolean;
}

const none = new Uint8Array(0);

/** Reads bytes in order: exactly as many as asked for, or a line. Holds no more than one piece of the input ahead. */
export abstract class ByteReader {
  /** What was read ahead and not asked for yet. */
  protected rest: Uint8Array = none;

  /** Fills `target`. Returns how many bytes there were: fewer only at the end of the input. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = this.take(target);
    while (filled < target.length) {
      const read = await this.readInto(target.subarray(filled));
      if (read === 0) break;
      filled += read;
    }
    return filled;
  }

  /** Text up to a newline, which is taken as well: at most `limit` bytes before it, each one character. */
  async line(limit: number): Promise<ByteLine> {
    let text = '';
    for (;;) {
      const newline = this.rest.indexOf(0x0a);
      const end = newline < 0 ? this.rest.length : newline;
      const taken = Math.min(end, limit - text.length);
      text += String.fromCharCode(...this.rest.subarray(0, taken));
      const complete = newline >= 0 && taken === end;
      this.rest = this.rest.subarray(complete ? taken + 1 : taken);
      if (complete) return { text, complete };
      // Something is left only behind the limit; a newline may still come right after it.
      if (this.rest.length > 0 || !(await this.readMore())) return { text, complete };
    }
  }

  /** Gives the input back. A read that is under way ends first, as if the input had ended. */
  abstract close(): void | Promise<void>;

  /** Called with nothing in `rest`. Reads into `target`, and what else came into `rest`; returns 0 at the end. */
  protected abstract readInto(target: Uint8Array): Promise<number>;

  /** Called with nothing in `rest`. Reads something into it; false at the end. */
  protected abstract readMore(): Promise<boolean>;

  /** Moves what was read ahead into `target`. */
  protected take(target: Uint8Array): number {
    const taken = this.rest.subarray(0, target.length);
    target.set(taken);
    this.rest = this.rest.subarray(taken.length);
    return taken.length;
  }
}
