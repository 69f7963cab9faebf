import type { Readable } from 'node:stream';
import type { ActorContext } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import { FfmpegProcess } from '../program/ffmpeg-process.ts';
import type { MediaInput } from '../program/media-input.ts';
import { StreamFeed } from './stream-feed.ts';

/** One ffmpeg that decodes. It is held back by its pipe while nobody reads, and killed when nobody wants more. */
export class DecoderProcess {
  readonly #ffmpeg: FfmpegProcess;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #media: MediaInput;
  readonly #feed: StreamFeed | undefined;

  /** @param stream what it reads instead of a file, to its end or until nobody wants more */
  constructor(program: string, args: readonly string[], media: MediaInput, stream?: Readable) {
    this.#media = media;
    this.#ffmpeg = new FfmpegProcess(program, args, stream === undefined ? 'out' : 'both');
    if (stream !== undefined) this.#feed = new StreamFeed(stream, this.#ffmpeg.input!, this.#ffmpeg.kill);
    this.#chunks = this.#ffmpeg.output![Symbol.asyncIterator]();
  }

  /** The next bytes; undefined at the end. Rejects if ffmpeg failed. */
  async next(): Promise<Buffer | undefined> {
    const { value, done } = await this.#chunks.next();
    if (!done) return value;
    await this.#ffmpeg.gone;
    const { missing, ending } = this.#ffmpeg;
    if (missing !== undefined) throw missing;
    if (this.#feed?.fault !== undefined)
      throw ffmpegError('SLUICE_FFMPEG_FAILED', 'the stream that ffmpeg reads broke off', { cause: this.#feed.fault });
    if (ending === undefined) return undefined;
    throw ffmpegError(
      'SLUICE_FFMPEG_FAILED',
      `ffmpeg does not read ${this.#media.name}: ${this.#ffmpeg.complaint || 'it died'}`,
      {
        expected: 'media that ffmpeg decodes',
        received: ending,
        fix: 'Look with ffprobe whether it is whole and has what is asked for; if its sound changes rate or channels on the way, convert it first: ffmpeg -i in -ar 48000 -ac 2 out.flac',
      },
    );
  }

  /** Reports what ffmpeg complained of, at the end. */
  reportComplaint(context: ActorContext): void {
    const complaint = this.#ffmpeg.complaint;
    if (complaint === '') return;
    const what = `ffmpeg read ${this.#media.name} to its end, and says: ${complaint}`;
    context.report(ffmpegError('SLUICE_FFMPEG_DAMAGED', what));
  }

  /** Kills it, and waits until it is gone. */
  async close(): Promise<void> {
    this.#ffmpeg.kill();
    this.#feed?.close();
    this.#ffmpeg.output!.destroy();
    await this.#ffmpeg.gone;
  }
}
