import { realClock, toError } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import { FfmpegProcess } from '../ffmpeg-process.ts';
import { withoutSecrets } from '../media-input.ts';
import { LiveEdge } from './live-edge.ts';
import type { LiveInput } from './live-input.ts';
import { MatroskaReader, type ReadTrack } from './matroska-reader.ts';

/** Who receives sound or pictures of a stream. */
export interface LiveReceiver {
  readonly kind: ReadTrack['kind'];
  /** @param bytes Good until the call returns. */
  block(track: ReadTrack, timeMs: number, bytes: Uint8Array): void;
  end(): void;
  fail(error: Error): void;
}

/** What is started for a reception. */
export interface LiveReading {
  readonly input: LiveInput;
  readonly program: string;
  readonly args: readonly string[];
  /** A stream of which nothing comes for longer is lost; before its first block only where nobody is waited for. */
  readonly timeoutMs: number;
  readonly listen: boolean;
}

/** How a reception ended. */
interface Ending {
  /** Nothing came any more. */
  readonly silent: boolean;
  /** Something of it was live. */
  readonly heard: boolean;
  readonly fault: Error | undefined;
}

/**
 * One ffmpeg for all who receive a stream: it begins with the first, and is killed when the last has left. Never held back: what nobody takes
 * is lost here or behind, not at the server.
 */
export class LiveReception {
  readonly #reading: LiveReading;
  readonly #receivers = new Set<LiveReceiver>();
  #ffmpeg: FfmpegProcess | undefined;
  /** Undefined until they are known. */
  #tracks: readonly ReadTrack[] | undefined;

  constructor(reading: LiveReading) {
    this.#reading = reading;
  }

  /** Returns a function by which the receiver leaves. */
  join(receiver: LiveReceiver): () => void {
    this.#receivers.add(receiver);
    if (this.#ffmpeg === undefined) void this.#receive();
    else this.#refuse(receiver);
    return () => {
      if (this.#receivers.delete(receiver) && this.#receivers.size === 0) this.#stop();
    };
  }

  #stop(): void {
    this.#ffmpeg?.kill();
    this.#ffmpeg?.output?.destroy();
    this.#ffmpeg = undefined;
  }

  async #receive(): Promise<void> {
    const { program, args, timeoutMs, listen } = this.#reading;
    const ffmpeg = new FfmpegProcess(program, args, 'out');
    this.#ffmpeg = ffmpeg;
    this.#tracks = undefined;
    let silent = false;
    let heard = false;
    let lost: NodeJS.Timeout | undefined;
    const expectMore = () => {
      lost?.refresh();
      lost ??= setTimeout(() => {
        silent = true;
        ffmpeg.kill();
      }, timeoutMs);
    };
    if (!listen) expectMore();
    const edge = new LiveEdge();
    const reader = new MatroskaReader({
      tracks: (tracks) => {
        this.#tracks = tracks;
        for (const receiver of this.#receivers) this.#refuse(receiver);
      },
      block: (track, timeMs, bytes) => {
        expectMore();
        heard ||= edge.reached(timeMs, realClock.now());
        if (!heard) return;
        for (const receiver of this.#receivers) if (receiver.kind === track.kind) receiver.block(track, timeMs, bytes);
      },
    });
    let fault: Error | undefined;
    try {
      for await (const bytes of ffmpeg.output!) reader.push(bytes);
    } catch (error) {
      fault = toError(error);
      ffmpeg.kill();
    }
    clearTimeout(lost);
    await ffmpeg.gone;
    // Those who come from now on have one of their own; those who left are told nothing.
    if (this.#ffmpeg !== ffmpeg) return;
    this.#ffmpeg = undefined;
    this.#tell(ffmpeg.missing ?? this.#failure(ffmpeg, { silent, heard, fault }));
  }

  /** Tells who waits for what the stream does not have. */
  #refuse(receiver: LiveReceiver): void {
    if (this.#tracks === undefined || this.#tracks.some(({ kind }) => kind === receiver.kind)) return;
    this.#receivers.delete(receiver);
    if (this.#receivers.size === 0) this.#stop();
    const missing = receiver.kind === 'audio' ? 'is no sound' : 'are no pictures';
    receiver.fail(ffmpegError('SLUICE_FFMPEG_FAILED', `there ${missing} in ${this.#reading.input.name}`));
  }

  #tell(failure: Error | undefined): void {
    for (const receiver of [...this.#receivers]) {
      this.#receivers.delete(receiver);
      if (failure === undefined) receiver.end();
      else receiver.fail(failure);
    }
  }

  #failure(ffmpeg: FfmpegProcess, { silent, heard, fault }: Ending): Error | undefined {
    const { input, timeoutMs } = this.#reading;
    if (silent)
      return ffmpegError('SLUICE_FFMPEG_FAILED', `nothing came from ${input.name} for ${timeoutMs} ms`, {
        fix: 'Look whether it sends, or give it longer by timeoutMs',
      });
    if (fault !== undefined)
      return ffmpegError('SLUICE_FFMPEG_FAILED', `what ffmpeg says of ${input.name} cannot be read`, { cause: fault });
    if (ffmpeg.ending === undefined && heard) return undefined;
    if (ffmpeg.ending === undefined)
      return ffmpegError('SLUICE_FFMPEG_FAILED', `${input.name} came to its end without being live`, {
        expected: 'media that comes in the time that it lasts',
        fix: 'Read what is a file with fromMedia',
      });
    const complaint = withoutSecrets(ffmpeg.complaint, input);
    return ffmpegError('SLUICE_FFMPEG_FAILED', `ffmpeg does not receive ${input.name}: ${complaint || 'it died'}`, {
      received: ffmpeg.ending,
      fix: 'Look with ffprobe whether it can be reached and sends',
    });
  }
}
