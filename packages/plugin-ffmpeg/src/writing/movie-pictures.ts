import { describeVideoFormat, type SinkWriter, SluiceError, type VideoFrame } from '@sluice/core';
import type { PictureTrack } from './matroska.ts';
import type { MovieFile } from './movie-file.ts';

/** What the pictures of a `toMovie` were. */
export interface MoviePicturesResult {
  /** Pictures that went to the encoder. */
  readonly pictures: number;
  /** Pictures that were not later than the one before them, and are not in the file. */
  readonly dropped: number;
  /** Pixels; undefined if no picture came. */
  readonly width: number | undefined;
  /** Pixels; undefined if no picture came. */
  readonly height: number | undefined;
}

/** The pictures of a movie, each at its time. */
export class MoviePictures implements SinkWriter<VideoFrame, MoviePicturesResult> {
  readonly #file: MovieFile;
  /** Told the duration of the first picture before the encoder begins; returns that of one in the file. In microseconds. */
  readonly #onFirst: (duration: number) => number;
  /** How long a picture lasts that does not say it. */
  #period = 0;
  #track: PictureTrack | undefined;
  #last = Number.NEGATIVE_INFINITY;
  #pictures = 0;
  #dropped = 0;

  constructor(file: MovieFile, onFirst: (duration: number) => number) {
    this.#file = file;
    this.#onFirst = onFirst;
  }

  async write(frame: VideoFrame): Promise<void> {
    try {
      if (this.#track === undefined) await this.#begin(frame);
      else this.#checkSize(frame, this.#track);
      if (frame.timestamp <= this.#last) {
        this.#dropped++;
        return;
      }
      this.#last = frame.timestamp;
      this.#pictures++;
      const { timestamp, duration, data } = frame;
      await this.#file.putWhole('video', { timestamp, duration: duration > 0 ? duration : this.#period }, data);
    } finally {
      frame.close();
    }
  }

  async end(): Promise<MoviePicturesResult> {
    await this.#file.end('video');
    const { width, height } = this.#track ?? {};
    return { pictures: this.#pictures, dropped: this.#dropped, width, height };
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  #begin({ width, height, colorSpace, timestamp, duration }: VideoFrame): Promise<void> {
    this.#track = { kind: 'video', width, height, colorSpace };
    this.#period = this.#onFirst(duration);
    return this.#file.join(this.#track, timestamp);
  }

  #checkSize(frame: VideoFrame, { width, height }: PictureTrack): void {
    if (frame.width === width && frame.height === height) return;
    throw new SluiceError('SLUICE_LINK_FORMAT', 'toMovie got pictures of another size than the first', {
      expected: `${width}x${height}`,
      received: describeVideoFormat(frame),
      fix: 'Put scale() before it',
      nodeId: 'toMovie.video',
      timestamp: frame.timestamp,
    });
  }
}
