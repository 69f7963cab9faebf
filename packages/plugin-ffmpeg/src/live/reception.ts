import { realClock, toError } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import { FfmpegProcess } from '../program/ffmpeg-process.ts';
import { LiveEdge } from './live-edge.ts';
import type { LiveInput } from './live-input.ts';
import { MatroskaReader, type ReadTrack } from './matroska-reader.ts';

/** What is started for a reception. */
export interface LiveReading {
  readonly input: LiveInput;
  readonly program: string;
  readonly args: readonly string[];
  /** A stream of which nothing comes for longer is lost; before its first block only where nobody is waited for. */
  readonly timeoutMs: number;
  readonly listen: boolean;
}

/** Who is told what comes. */
export interface ReceptionListener {
  tracks(tracks: readonly ReadTrack[]): void;
  /** @param bytes Good until the call returns. */
  block(track: ReadTrack, timeMs: number, bytes: Uint8Array): void;
}

/** One ffmpeg that receives, from its start to its end. */
export class Reception {
  /** Why it ended; undefined: the stream did. Never rejects. */
  readonly ended: Promise<Error | undefined>;
  /** Undefined until they are known. */
  tracks: readonly ReadTrack[] | undefined;
  readonly #reading: LiveReading;
  readonly #listener: ReceptionListener;
  readonly #ffmpeg: FfmpegProcess;
  readonly #edge = new LiveEdge();
  #live = false;
  #lost: NodeJS.Timeout | undefined;
  #silent = false;
  /** The last block that went on as time does, and when it came. */
  #mediaMs = Number.NEGATIVE_INFINITY;
  #cameAt = 0;

  constructor(reading: LiveReading, listener: ReceptionListener) {
    this.#reading = reading;
    this.#listener = listener;
    this.#ffmpeg = new FfmpegProcess(reading.program, reading.args, 'out', { waitsAtPort: reading.listen });
    if (!reading.listen) this.#expectMore();
    this.ended = this.#receive();
  }

  /** Whether ffmpeg could not be started at all. */
  get missing(): boolean {
    return this.#ffmpeg.missing !== undefined;
  }

  stop(): void {
    this.#ffmpeg.kill();
    this.#ffmpeg.output!.destroy();
  }

  async #receive(): Promise<Error | undefined> {
    const reader = new MatroskaReader({
      tracks: (tracks) => {
        this.tracks = tracks;
        this.#listener.tracks(tracks);
      },
      block: (track, timeMs, bytes) => this.#take(track, timeMs, bytes),
    });
    let fault: Error | undefined;
    try {
      for await (const bytes of this.#ffmpeg.output!) reader.push(bytes);
    } catch (error) {
      fault = toError(error);
      this.#ffmpeg.kill();
    }
    clearTimeout(this.#lost);
    await this.#ffmpeg.gone;
    return this.#ffmpeg.missing ?? this.#failure(fault);
  }

  #take(track: ReadTrack, timeMs: number, bytes: Uint8Array): void {
    const now = realClock.now();
    // A stream that began anew stands still until it is where it was.
    if (timeMs - this.#mediaMs >= (now - this.#cameAt) / 2) {
      this.#mediaMs = timeMs;
      this.#cameAt = now;
      this.#expectMore();
    }
    this.#live ||= this.#edge.reached(timeMs, now);
    if (this.#live) this.#listener.block(track, timeMs, bytes);
  }

  #expectMore(): void {
    this.#lost?.refresh();
    this.#lost ??= setTimeout(() => {
      const cameAt = this.#cameAt;
      // Where this process stood still, what came meanwhile has not been read yet.
      setImmediate(() => setImmediate(() => this.#cameAt === cameAt && this.#giveUp()));
    }, this.#reading.timeoutMs);
  }

  #giveUp(): void {
    this.#silent = true;
    this.#ffmpeg.kill();
  }

  #failure(fault: Error | undefined): Error | undefined {
    const { input, timeoutMs } = this.#reading;
    const { complaint, ending } = this.#ffmpeg;
    if (this.#silent)
      return ffmpegError(
        'SLUICE_FFMPEG_FAILED',
        `nothing came from ${input.name} for ${timeoutMs} ms, or its time stood still`,
        {
          received: complaint || 'nothing',
          fix: 'Look whether it sends or has begun anew, or give it longer by timeoutMs',
        },
      );
    if (fault !== undefined)
      return ffmpegError('SLUICE_FFMPEG_FAILED', `what ffmpeg says of ${input.name} cannot be read`, { cause: fault });
    if (ending !== undefined)
      return ffmpegError('SLUICE_FFMPEG_FAILED', `ffmpeg does not receive ${input.name}: ${complaint || 'it died'}`, {
        received: ending,
        fix: 'Look with ffprobe whether it can be reached and sends; where it is waited for, whether another program has the port',
      });
    if (this.#live) return undefined;
    return ffmpegError('SLUICE_FFMPEG_FAILED', `${input.name} came to its end without being live`, {
      expected: 'media that comes in the time that it lasts',
      fix: 'Read what is a file with fromMedia',
    });
  }
}
