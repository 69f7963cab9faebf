import type { AudioFrame } from '@sluice/core';
import type { Recognizer, RecognizerEvent, RecognizerSession } from '@sluice/core/voice';
import { framesOf } from './frames-of.ts';
import { RATE } from './rate.ts';

type Final = Extract<RecognizerEvent, { type: 'final' }>;

/** An open recogniser, one piece of sound at a time. */
export class Ears implements AsyncDisposable {
  readonly #session: RecognizerSession;
  readonly #over: Promise<void>;
  #finals: Final[] = [];
  #onFinal: (() => void) | undefined;
  /** Where the last piece ended, in microseconds, and a pause behind it. */
  #start = 0;

  private constructor(session: RecognizerSession) {
    this.#session = session;
    this.#over = this.#read();
  }

  static async open(recognizer: Recognizer): Promise<Ears> {
    return new Ears(await recognizer.open());
  }

  /** What it understands of a piece, as fast as it can. Empty for what it rejects. */
  async hear(samples: Int16Array): Promise<string> {
    for (const frame of this.frames(samples)) await this.#session.write(frame);
    return this.final();
  }

  /** Frames that go on where the last piece ended. */
  frames(samples: Int16Array): AudioFrame[] {
    const frames = framesOf(samples, this.#start);
    this.#start += Math.ceil(samples.length / RATE + 1) * 1_000_000;
    return frames;
  }

  write(frame: AudioFrame): void | Promise<void> {
    return this.#session.write(frame);
  }

  /** Ends the piece; resolves as soon as what was understood of it was told. */
  async final(): Promise<string> {
    const told = new Promise<void>((resolve) => {
      this.#onFinal = resolve;
    });
    // Whichever is first: a recogniser that is lost tells nothing more.
    await Promise.race([Promise.all([this.#session.flush(), told]), this.#over]);
    const finals = this.#finals;
    this.#finals = [];
    return finals
      .filter(({ rejected }) => rejected !== true)
      .map(({ text }) => text)
      .join(' ');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.close();
    await this.#over;
  }

  async #read(): Promise<void> {
    for await (const event of this.#session)
      if (event.type === 'final') {
        this.#finals.push(event);
        this.#onFinal?.();
      }
  }
}
