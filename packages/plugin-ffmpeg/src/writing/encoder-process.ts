import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ffmpegError } from '../errors.ts';
import { FfmpegProcess } from '../program/ffmpeg-process.ts';
import { type OnProgress, progressArguments, readProgress } from './encoding-progress.ts';
import type { MediaTarget } from './media-output.ts';

/** How long an ffmpeg whose input was broken off may need to finish its file, in milliseconds. */
const LAST_WORK_MS = 2_000;
/** How long a server may take nothing of a live stream, in milliseconds. */
const LIVE_PATIENCE_MS = 10_000;

/** One ffmpeg that encodes what it is written. */
export class EncoderProcess {
  readonly #ffmpeg: FfmpegProcess;
  readonly #input: Writable;
  readonly #target: MediaTarget;
  /** All that comes out is in the stream that it goes into, or that one broke off. */
  #delivered: Promise<void> = Promise.resolve();
  #fault: Error | undefined;
  /** A live stream was not taken. */
  #stuck = false;

  /**
   * @param args what is encoded and how; where to is the target's
   * @param onProgress must not throw
   */
  constructor(program: string, args: readonly string[], target: MediaTarget, onProgress?: OnProgress) {
    this.#target = target;
    const reports = onProgress !== undefined;
    const all = [...(reports ? progressArguments : []), ...args, ...target.args];
    this.#ffmpeg = new FfmpegProcess(program, all, target.stream === undefined ? 'in' : 'both', { reports });
    if (reports) readProgress(this.#ffmpeg.reports!, onProgress);
    if (target.stream !== undefined) this.#delivered = this.#deliver(this.#ffmpeg.output!, target.stream);
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
    const fault = await this.#inTime(
      new Promise<Error | null | undefined>((resolve) => this.#input.write(bytes, resolve)),
    );
    if (fault) await this.#fail();
  }

  /** When the file is finished. Rejects if ffmpeg failed, or has complained: a full disk is an end in order to it. */
  async end(): Promise<void> {
    this.#input.end();
    await this.#inTime(this.#ffmpeg.gone);
    const { missing, ending, complaint } = this.#ffmpeg;
    if (missing !== undefined || ending !== undefined || complaint !== '') await this.#fail();
    await this.#finishStream();
  }

  /** Has the file finished with what has come, within two seconds. */
  async abort(): Promise<void> {
    this.#input.end();
    const impatient = setTimeout(this.#ffmpeg.kill, LAST_WORK_MS);
    await this.#ffmpeg.gone;
    clearTimeout(impatient);
    if (this.#ffmpeg.ending === undefined) await this.#finishStream().catch(() => {});
    else this.#target.stream?.destroy();
  }

  async #deliver(output: Readable, stream: Writable): Promise<void> {
    // Ended by hand: where ffmpeg dies its output ends in order.
    await pipeline(output, stream, { end: false }).catch((error: Error) => {
      this.#fault = error;
      this.#ffmpeg.kill();
    });
  }

  async #finishStream(): Promise<void> {
    await this.#delivered;
    const { stream } = this.#target;
    if (stream === undefined) return;
    if (this.#fault === undefined) {
      const finished = once(stream, 'finish');
      stream.end();
      await finished.catch((error: Error) => {
        this.#fault = error;
      });
    }
    if (this.#fault !== undefined) await this.#fail();
  }

  async #drained(): Promise<void> {
    const listening = new AbortController();
    const { signal } = listening;
    // A pipe that breaks closes without a drain.
    const drained = Promise.race([once(this.#input, 'drain', { signal }), this.#ffmpeg.gone]);
    await this.#inTime(drained.catch(() => {}));
    listening.abort();
    if (this.#input.destroyed) await this.#fail();
  }

  /** Of a live stream: kills an ffmpeg that is held up for long, since a server that is silent breaks no connection. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    if (!this.#target.live) return await work;
    const impatient = setTimeout(() => {
      this.#stuck = true;
      this.#ffmpeg.kill();
    }, LIVE_PATIENCE_MS);
    try {
      return await work;
    } finally {
      clearTimeout(impatient);
    }
  }

  async #fail(): Promise<never> {
    await this.#ffmpeg.gone;
    const error = this.#failure();
    this.#target.stream?.destroy(error);
    throw error;
  }

  #failure(): Error {
    const { missing, ending = 'an end', complaint } = this.#ffmpeg;
    if (missing !== undefined) return missing;
    const { name } = this.#target;
    if (this.#stuck)
      return ffmpegError('SLUICE_FFMPEG_WRITE', `${name} has taken nothing for ${LIVE_PATIENCE_MS} ms`, {
        expected: 'a server that takes what is sent',
        received: complaint || 'nothing',
        fix: 'Look whether it can be reached and receives',
      });
    if (this.#fault !== undefined)
      return ffmpegError('SLUICE_FFMPEG_WRITE', 'the stream that ffmpeg writes into broke off', { cause: this.#fault });
    return ffmpegError('SLUICE_FFMPEG_WRITE', `ffmpeg does not write ${name}: ${complaint || 'it died'}`, {
      expected: 'a place with room, or a server that takes it, and a codec that the container takes',
      received: ending,
      fix: 'Look at the disk or the server, the ending of the name, and the options codec and container',
    });
  }
}
