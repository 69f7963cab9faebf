import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  checkKeys,
  createSink,
  invalidArgument,
  type Micros,
  type Sink,
  type SinkWriter,
  type VideoFrame,
} from '@sluice/core';
import { writeError } from '../formats/byte-io/file-errors.ts';
import { encodePicture, type ImageEncoding, imageEncodings } from '../formats/image/encode-picture.ts';
import {
  encodingOf,
  type ImageFileInfo,
  type ImageFileNames,
  imageFileNames,
} from '../formats/image/image-file-names.ts';
import { writeWholeFile } from '../formats/image/write-whole-file.ts';
import { checkChoice, checkNumber } from '../options/check-option.ts';
import { everyNth, everyStep, type PicturePicker } from './picture-picker.ts';

/** Frames that may wait where the source cannot be held back: 180 MiB of 1080p. */
const MAX_QUEUED = 60;

/** Which pictures {@link toImageFiles} writes, and in which encoding. */
export interface ToImageFilesOptions {
  /** Writes each so many-th frame, beginning with the first. Default 1: all of them. */
  readonly every?: number | undefined;
  /** Instead: writes one frame for this much media time, the first at or after each multiple. */
  readonly everySeconds?: number | undefined;
  /** Default: what the end of the name says: `.png`, `.jpg`, `.jpeg` or `.webp`. */
  readonly encoding?: ImageEncoding | undefined;
  /** Of JPEG and WebP, 1 to 100. Default 85. */
  readonly quality?: number | undefined;
  /** How many pictures are encoded and written at a time, before the graph is held back. Default 2. */
  readonly maxInFlight?: number | undefined;
}

/** What `toImageFiles` has written. */
export interface ImageFilesResult {
  /** Files that were written. */
  readonly files: number;
  /** Frames that came. */
  readonly received: number;
  /** Bytes in them. */
  readonly bytes: number;
  /** Undefined if no frame came. */
  readonly lastPath: string | undefined;
}

/**
 * Writes pictures as image files, PNG, JPEG or WebP: all of them, every n-th, or one for so much time.
 *
 * Names come from a pattern, in which `%05d` is the number of the file, or from a function; without a number each file
 * replaces the one before it. A file appears whole or not at all, and files appear in order: what watches the folder
 * never reads a part. Pictures may have different sizes. PNG and WebP keep the alpha of formats that have it. Pictures
 * are encoded on threads of libvips, some at a time; when they and the disk are too slow, the graph is held back.
 * Colours of I420 are converted on this thread, 1080p in a millisecond. Latency: none, it ends here.
 *
 * `finished` rejects with `SLUICE_FILE_WRITE` where no file can be written, for a folder that is known at the start
 * before the first frame, and `SLUICE_IMAGE_ENCODE` for a picture that an encoding cannot hold. Files before it stay.
 *
 * @example
 * ```ts
 * import { fromTestPattern, toImageFiles } from '@sluice/nodes';
 *
 * const snapshots = toImageFiles('/tmp/pattern-%03d.jpg', { everySeconds: 1 });
 * fromTestPattern({ duration: 5 }).subscribe(snapshots);
 * console.log((await snapshots.finished).lastPath); // /tmp/pattern-005.jpg
 * ```
 * @param path - A path or `file:` URL with `%d` for the number of the file, or a function that gives each name.
 * @throws TypeError, RangeError at once for options of the wrong kind or range.
 * @see fromImages for the way back, toMjpeg to look at a stream.
 */
export function toImageFiles(
  path: ImageFileNames,
  options: ToImageFilesOptions = {},
): Sink<VideoFrame, ImageFilesResult> {
  checkKeys<ToImageFilesOptions>('toImageFiles', options, {
    every: true,
    everySeconds: true,
    encoding: true,
    quality: true,
    maxInFlight: true,
  });
  const { encoding, quality = 85, maxInFlight = 2 } = options;
  const nameOf = imageFileNames(path);
  const picks = checkPicks(options);
  if (encoding !== undefined) checkChoice('encoding', encoding, imageEncodings);
  else if (typeof path !== 'function') encodingOf(nameOf({ number: 1, timestamp: 0 as Micros, width: 1, height: 1 }));
  checkNumber('quality', quality, { min: 1, max: 100, unit: 'per cent', integer: true });
  checkNumber('maxInFlight', maxInFlight, { min: 1, max: 64, unit: 'pictures', integer: true });
  return createSink({
    name: 'toImageFiles',
    accepts: { kind: 'video' },
    external: true,
    maxHeld: 1,
    maxQueued: MAX_QUEUED,
    open: async ({ name: owner }) => {
      if (typeof path !== 'function') await checkFolder(nameOf);
      return new ImageFilesSink({ nameOf, picks: picks(), encoding, quality, maxInFlight, owner });
    },
  });
}

interface ImageFilesSettings {
  readonly nameOf: (file: ImageFileInfo) => string;
  readonly picks: PicturePicker;
  readonly encoding: ImageEncoding | undefined;
  readonly quality: number;
  readonly maxInFlight: number;
  readonly owner: string;
}

class ImageFilesSink implements SinkWriter<VideoFrame, ImageFilesResult> {
  readonly #settings: ImageFilesSettings;
  /** Files under way, the oldest first. */
  readonly #saving = new Set<Promise<void>>();
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #aborted = false;
  #received = 0;
  #started = 0;
  #files = 0;
  #bytes = 0;
  #lastPath: string | undefined;

  constructor(settings: ImageFilesSettings) {
    this.#settings = settings;
  }

  write(frame: VideoFrame): void | Promise<void> {
    this.#received++;
    if (this.#failure !== undefined || !this.#settings.picks(frame)) {
      frame.close();
      if (this.#failure !== undefined) throw this.#failure.error;
      return;
    }
    this.#last = this.#follow(this.#save(frame, this.#last));
    const [oldest] = this.#saving;
    if (this.#saving.size >= this.#settings.maxInFlight) return oldest;
  }

  async end(): Promise<ImageFilesResult> {
    await Promise.allSettled(this.#saving);
    if (this.#failure !== undefined) throw this.#failure.error;
    return { files: this.#files, received: this.#received, bytes: this.#bytes, lastPath: this.#lastPath };
  }

  async abort(): Promise<void> {
    this.#aborted = true;
    await Promise.allSettled(this.#saving);
  }

  #follow(saving: Promise<void>): Promise<void> {
    this.#saving.add(saving);
    const done = () => this.#saving.delete(saving);
    saving.then(done, (error: unknown) => {
      this.#failure ??= { error };
      done();
    });
    return saving;
  }

  async #save(frame: VideoFrame, before: Promise<void>): Promise<void> {
    const { quality, owner } = this.#settings;
    const { path, encoding } = this.#nameNext(frame);
    const encoded = await encodePicture(frame, { encoding, quality, owner });
    await before;
    if (this.#aborted) return;
    await writeWholeFile(path, encoded);
    this.#files++;
    this.#bytes += encoded.length;
    this.#lastPath = path;
  }

  #nameNext(frame: VideoFrame): { readonly path: string; readonly encoding: ImageEncoding } {
    const { timestamp, width, height } = frame;
    try {
      const path = this.#settings.nameOf({ number: ++this.#started, timestamp, width, height });
      return { path, encoding: this.#settings.encoding ?? encodingOf(path) };
    } catch (error) {
      frame.close();
      throw error;
    }
  }
}

function checkPicks({ every = 1, everySeconds }: ToImageFilesOptions): () => PicturePicker {
  checkNumber('every', every, { min: 1, max: Number.MAX_SAFE_INTEGER, unit: 'frames', integer: true });
  if (everySeconds === undefined) return () => everyNth(every);
  if (every !== 1) throw invalidArgument('everySeconds', 'every or everySeconds, not both', everySeconds);
  checkNumber('everySeconds', everySeconds, { min: 0.001, max: 1e9, unit: 's' });
  return () => everyStep(everySeconds * 1e6);
}

/** A pattern for a folder that cannot be written to is an error before the first frame. Folders may be numbered too. */
async function checkFolder(nameOf: (file: ImageFileInfo) => string): Promise<void> {
  const path = nameOf({ number: 1, timestamp: 0 as Micros, width: 1, height: 1 });
  // The dot makes a file of the folder's name an error too.
  await access(`${dirname(path)}/.`, constants.W_OK).catch((error: unknown) => {
    throw writeError(path, 'cannot be written', error);
  });
}
