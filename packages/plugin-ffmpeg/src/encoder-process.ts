import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { ffmpegError } from './errors.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';

/** How long an ffmpeg whose input was broken off may need to finish its file, in milliseconds. */
const LAST_WORK_MS = 2_000;

/** One ffmpeg that encodes what it is written. */
export class EncoderProcess {
  readonly #ffmpeg: FfmpegProcess;
  readonly #input: Writable;
  readonly #name: string;

  constructor(program: string, args: readonly string[], name: string) {
    this.#name = name;
    this.#ffmpeg = new FfmpegProcess(program, args, 'in');
    this.#input = this.#ffmpeg.input!;
    // A pipe that breaks says that ffmpeg is gone, which knows why.
    this.#input.on('error', () => {});
  }

  /** Takes the bytes over. A promise while ffmpeg has not kept up; it rejects if ffmpeg is gone. */
  write(bytes: Uint8Array): void | Promise<void> {
    if (this.#input.destroyed) return this.#fail();
    if (!this.#input.write(bytes)) return this.#drained();
  }

  /** Takes the parts one right behind the other. Resolves when none of them is needed any more; rejects if ffmpeg is gone. */
  async writeWhole(head: Uint8Array, bytes: Uint8Array): Promise<void> {
    if (this.#input.destroyed) return this.#fail();
    this.#input.write(head);
    const fault = await new Promise<Error | null | undefined>((resolve) => this.#input.write(bytes, resolve));
    if (fault) await this.#fail();
  }

  /** When the file is finished. Rejects if ffmpeg failed, or has complained: a full disk is an end in order to it. */
  async end(): Promise<void> {
    this.#input.end();
    await this.#ffmpeg.gone;
    const { missing, ending, complaint } = this.#ffmpeg;
    if (missing !== undefined || ending !== undefined || complaint !== '') await this.#fail();
  }

  /** Has the file finished with what has come, within two seconds. */
  async abort(): Promise<void> {
    this.#input.end();
    const impatient = setTimeout(this.#ffmpeg.kill, LAST_WORK_MS);
    await this.#ffmpeg.gone;
    clearTimeout(impatient);
  }

  async #drained(): Promise<void> {
    const listening = new AbortController();
    const { signal } = listening;
    // A pipe that breaks closes without a drain.
    await Promise.race([once(this.#input, 'drain', { signal }), this.#ffmpeg.gone]).catch(() => {});
    listening.abort();
    if (this.#input.destroyed) await this.#fail();
  }

  async #fail(): Promise<never> {
    await this.#ffmpeg.gone;
    const { missing, ending = 'an end', complaint } = this.#ffmpeg;
    if (missing !== undefined) throw missing;
    throw ffmpegError('SLUICE_FFMPEG_WRITE', `ffmpeg does not write ${this.#name}: ${complaint || 'it died'}`, {
      expected: 'a place with room, and a codec that the container takes',
      received: ending,
      fix: 'Look at the disk, the ending of the name, and the options codec and container',
    });
  }
}
