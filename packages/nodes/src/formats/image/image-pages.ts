import { SluiceError, type VideoFrame } from '@sluice/core';
import { type DecodedFrameOptions, decodedFrame } from './decoded-frame.ts';
import type { DecodedPages, OpenImage } from './open-image.ts';

/** What is decoded at once, in bytes of the larger of what goes in and what comes out; at least one page. */
const PIECE_BYTES = 32 * 1024 * 1024;

export interface ImagePagesOptions extends DecodedFrameOptions {
  /** Whether the first page comes again after the last. */
  readonly wraps: boolean;
}

/** Pages that were decoded together. Each becomes a frame when it is first shown. */
interface Piece {
  readonly index: number;
  readonly decoded: DecodedPages;
  readonly frames: (VideoFrame | undefined)[];
}

/**
 * The pages of an image as frames. What fits into one piece of 32 MiB is decoded once and kept; of a larger animation
 * there is the piece that is shown, and the next one is decoded meanwhile.
 */
export class ImagePages {
  readonly #image: OpenImage;
  readonly #options: ImagePagesOptions;
  readonly #pagesPerPiece: number;
  readonly #pieces: number;
  #shown: Piece | undefined;
  #ahead: Promise<Piece> | undefined;
  #closed = false;

  constructor(image: OpenImage, options: ImagePagesOptions) {
    this.#image = image;
    this.#options = options;
    this.#pagesPerPiece = Math.min(Math.max(Math.floor(PIECE_BYTES / image.pageBytes), 1), image.pages);
    this.#pieces = Math.ceil(image.pages / this.#pagesPerPiece);
  }

  /** A page in order, the first one after the last. The frame stays here: derive what is to leave. */
  at(page: number): VideoFrame | Promise<VideoFrame> {
    const index = Math.floor(page / this.#pagesPerPiece);
    if (this.#shown?.index === index) return this.#frame(this.#shown, page);
    return this.#advance(index, page);
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #advance(index: number, page: number): Promise<VideoFrame> {
    const piece = await (this.#ahead ?? this.#decode(index));
    this.#drop();
    if (this.#closed) throw new SluiceError('SLUICE_ABORTED', 'the image was closed while it was decoded');
    this.#shown = piece;
    const next = index + 1 < this.#pieces || !this.#options.wraps ? index + 1 : 0;
    this.#ahead = next === index || next === this.#pieces ? undefined : this.#decode(next);
    // It fails when its time has come.
    this.#ahead?.catch(() => {});
    return this.#frame(piece, page);
  }

  async #decode(index: number): Promise<Piece> {
    const first = index * this.#pagesPerPiece;
    const pages = Math.min(this.#pagesPerPiece, this.#image.pages - first);
    return { index, decoded: await this.#image.decode(first, pages), frames: new Array(pages).fill(undefined) };
  }

  #frame({ index, decoded, frames }: Piece, page: number): VideoFrame {
    const slot = page - index * this.#pagesPerPiece;
    const known = frames[slot];
    if (known !== undefined) return known;
    const frame = decodedFrame(decoded, slot, this.#image.format, this.#options);
    frames[slot] = frame;
    return frame;
  }

  #drop(): void {
    for (const frame of this.#shown?.frames ?? []) frame?.close();
    this.#shown = undefined;
  }
}
