import { ffmpegError } from '../errors.ts';
import type { EncoderProcess } from './encoder-process.ts';
import type { LivePace } from './live-pace.ts';
import { concatBytes, matroskaFrame, matroskaHead, type Track } from './matroska.ts';

const nothing = new Uint8Array(0);

/** Begins an encoder for these tracks, in the order of their numbers. */
export type BeginEncoder = (tracks: readonly Track[]) => EncoderProcess;

/** In microseconds. */
export interface FrameTimes {
  readonly timestamp: number;
  readonly duration: number;
}

interface Joined {
  readonly track: Track;
  /** In the stream, from 1 on. */
  readonly number: number;
  /** Of its first frame, in microseconds. */
  readonly first: number;
}

/** One encoder of several streams, which begins when the first frame of each is known, and ends with the last of them. */
export class MovieFile {
  readonly #begin: BeginEncoder;
  readonly #kinds: Set<Track['kind']>;
  readonly #joined = new Map<Track['kind'], Joined>();
  #begun = () => {};
  readonly #beginning = new Promise<void>((resolve) => {
    this.#begun = resolve;
  });
  #open: number;
  #broken = false;
  #encoder: EncoderProcess | undefined;
  /** The earliest first frame, in microseconds: where the file begins. */
  #zero = 0;
  /** What stands before the next frame. */
  #preface: Uint8Array = nothing;

  readonly #pace: LivePace | undefined;

  /** @param pace told what is written, of a live stream */
  constructor(kinds: readonly Track['kind'][], begin: BeginEncoder, pace: LivePace | undefined) {
    this.#pace = pace;
    this.#kinds = new Set(kinds);
    this.#open = kinds.length;
    this.#begin = begin;
  }

  /** Resolves when the first frames of the others are known as well. */
  async join(track: Track, first: number): Promise<void> {
    this.#joined.set(track.kind, { track, number: this.#joined.size + 1, first });
    // Time begins with the first frame, not when the other kind is there too.
    this.#pace?.wrote(0);
    this.#beginOnceKnown();
    await this.#beginning;
  }

  /** Takes bytes over. Times in microseconds, on the scale of `first`. */
  put(kind: Track['kind'], times: FrameTimes, bytes: Uint8Array): void | Promise<void> {
    return this.#running.write(concatBytes([this.#head(kind, times, bytes.length), bytes]));
  }

  /** As `put`, without a copy: resolves when the bytes are not needed any more. */
  putWhole(kind: Track['kind'], times: FrameTimes, bytes: Uint8Array): Promise<void> {
    return this.#running.writeWhole(this.#head(kind, times, bytes.length), bytes);
  }

  /** One of them ended. The last one resolves when the file is finished. */
  async end(kind: Track['kind']): Promise<void> {
    this.#open--;
    // One without a frame is left out.
    if (!this.#joined.has(kind)) this.#kinds.delete(kind);
    this.#beginOnceKnown();
    if (this.#open === 0 && !this.#broken) await this.#encoder?.end();
  }

  /** Ends the file with what it has, whoever asks first; the other is told at its next frame. */
  async abort(): Promise<void> {
    this.#broken = true;
    this.#begun();
    await this.#encoder?.abort();
  }

  get #running(): EncoderProcess {
    if (this.#encoder !== undefined && !this.#broken) return this.#encoder;
    throw ffmpegError(
      'SLUICE_FFMPEG_WRITE',
      'the file was ended while this stream went on, as the other one broke off',
      {
        expected: 'sound and pictures that both end in order',
        fix: 'Look at the error of the other end',
      },
    );
  }

  #beginOnceKnown(): void {
    if (this.#encoder !== undefined || this.#broken || this.#kinds.size === 0 || this.#joined.size < this.#kinds.size)
      return;
    const all = [...this.#joined.values()];
    const tracks = all.map(({ track }) => track);
    this.#zero = Math.min(...all.map(({ first }) => first));
    this.#encoder = this.#begin(tracks);
    this.#preface = matroskaHead(tracks);
    this.#begun();
  }

  #head(kind: Track['kind'], { timestamp, duration }: FrameTimes, bytes: number): Uint8Array {
    const { number } = this.#joined.get(kind)!;
    this.#pace?.wrote((timestamp + duration - this.#zero) / 1_000);
    const frame = matroskaFrame(number, Math.round(timestamp - this.#zero), Math.round(duration), bytes);
    const head = concatBytes([this.#preface, frame]);
    this.#preface = nothing;
    return head;
  }
}
