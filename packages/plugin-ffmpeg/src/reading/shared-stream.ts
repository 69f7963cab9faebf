import { Readable } from 'node:stream';
import { ffmpegError } from '../errors.ts';

/** How far one reader may be ahead of the other, and how much is kept for one that has not come yet, in bytes. */
export const MOST_BETWEEN = 16 * 2 ** 20;
/** What lies ready for a reader, in bytes. */
const READY = 2 ** 18;

/** What is read of a stream. */
export type StreamPart = 'sound' | 'pictures';

/** Streams that somebody reads. */
const taken = new WeakSet<Readable>();

/**
 * One stream for two readers, each of whom gets all of it, as fast as the slower one takes it. The second may come later, as long as
 * what is kept for it is not too much. When all who came have left the stream is destroyed.
 */
export class SharedStream {
  readonly #stream: Readable;
  readonly #copies = { sound: this.#copy(), pictures: this.#copy() };
  readonly #came = new Set<Readable>();
  #goOn = () => {};

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  /** @throws SluiceError `SLUICE_FFMPEG_FAILED` for what is read or was read, or comes too late */
  open(part: StreamPart): Readable {
    const copy = this.#copies[part];
    const first = this.#came.size === 0;
    if (this.#came.has(copy) || (first && !isUnread(this.#stream)))
      throw ffmpegError('SLUICE_FFMPEG_FAILED', 'the stream was read before, and can be read once', {
        fix: 'Give each reader a stream of its own, or share what one reads by tee',
      });
    if (copy.destroyed && this.#stream.errored)
      throw ffmpegError('SLUICE_FFMPEG_FAILED', 'the stream that ffmpeg reads broke off', {
        cause: this.#stream.errored,
      });
    if (copy.destroyed)
      throw ffmpegError(
        'SLUICE_FFMPEG_FAILED',
        `the ${part} of the stream come too late: its beginning was read before`,
        {
          expected: `sound and pictures to begin within ${MOST_BETWEEN} bytes, before either of them is left`,
          fix: 'Link both before the graph runs',
        },
      );
    this.#came.add(copy);
    if (first) void this.#pass();
    else this.#goOn();
    return copy;
  }

  #copy(): Readable {
    const copy = new Readable({
      highWaterMark: READY,
      read: () => this.#goOn(),
      destroy: (error, done) => {
        done(error);
        this.#left();
      },
    });
    // One that nobody has come for may break off as well.
    return copy.on('error', () => {});
  }

  async #pass(): Promise<void> {
    taken.add(this.#stream);
    const copies = Object.values(this.#copies);
    try {
      for await (const bytes of this.#stream) {
        for (const copy of copies) if (!copy.destroyed) copy.push(bytes);
        for (const copy of copies) if (!this.#came.has(copy) && copy.readableLength > MOST_BETWEEN) copy.destroy();
        while (!this.#isWanted) await this.#change();
      }
      for (const copy of copies) if (!copy.destroyed) copy.push(null);
    } catch {
      // One that was closed without an error closes its copies.
      for (const copy of copies) copy.destroy(this.#stream.errored ?? undefined);
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  /** Whether somebody waits for bytes, and nobody is so far behind that they have to wait. */
  get #isWanted(): boolean {
    const reading = [...this.#came].filter((copy) => !copy.destroyed);
    return (
      reading.length === 0 ||
      (reading.some(({ readableLength }) => readableLength < READY) &&
        reading.every(({ readableLength }) => readableLength < MOST_BETWEEN))
    );
  }

  #left(): void {
    if (this.#came.size > 0 && [...this.#came].every((copy) => copy.destroyed)) this.#stream.destroy();
    this.#goOn();
  }
}

function isUnread(stream: Readable): boolean {
  return !taken.has(stream) && !stream.readableDidRead && !stream.destroyed;
}
