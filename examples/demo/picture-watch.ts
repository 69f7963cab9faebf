import type { VideoFrame } from '@sluice/core';
import { psnr } from '@sluice/core/testing';
import { convertColor, fromTestPattern, readTestPattern, scale } from '@sluice/nodes';
import { of } from 'rxjs';
import { testPicture } from './test-picture.ts';

/** A picture that is kept for the contact sheet. */
export interface KeptPicture {
  readonly frameNumber: number;
  readonly frame: VideoFrame;
}

/** Of pictures on the contact sheet, in pixels. */
const SMALL_WIDTH = 320;

/** What was seen of the test picture. */
export interface Sightings {
  readonly pictures: number;
  /** Pictures whose number could not be read. */
  readonly unreadable: number;
  /** Pictures that came after a later one. */
  readonly backwards: number;
  /** Numbers that were left out between the first and the last one. */
  readonly missing: number;
  /** From the first to the last picture, in seconds of media. */
  readonly seconds: number;
}

/** Reads the numbers of the pictures that arrive, and keeps some of them, evenly spread. */
export class PictureWatch {
  readonly kept: KeptPicture[] = [];
  readonly #everyFrames: number;
  #pictures = 0;
  #unreadable = 0;
  #backwards = 0;
  #first: number | undefined;
  #last = -1;
  #next = 0;

  /** @param totalFrames how many pictures will be sent, `keep` of which are kept. */
  constructor(totalFrames: number, keep: number) {
    this.#everyFrames = Math.max(1, Math.ceil(totalFrames / keep));
  }

  /** The frame stays the caller's. */
  take(frame: VideoFrame): void {
    const frameNumber = readTestPattern(frame)?.frameNumber;
    this.#pictures++;
    if (frameNumber === undefined) {
      this.#unreadable++;
      return;
    }
    // The first picture is repeated until the show begins.
    if (frameNumber === this.#last) this.#pictures--;
    if (frameNumber < this.#last) this.#backwards++;
    this.#first ??= frameNumber;
    this.#last = Math.max(this.#last, frameNumber);
    if (frameNumber < this.#next) return;
    this.#next = frameNumber + this.#everyFrames;
    this.kept.push({ frameNumber, frame: frame.clone() });
  }

  get sightings(): Sightings {
    const span = this.#first === undefined ? 0 : this.#last - this.#first + 1;
    const readable = this.#pictures - this.#unreadable;
    return {
      pictures: this.#pictures,
      unreadable: this.#unreadable,
      backwards: this.#backwards,
      missing: Math.max(0, span - readable),
      seconds: span / testPicture.frameRate,
    };
  }
}

/** A picture that was kept, beside the one that was sent under its number. */
export interface JudgedPicture {
  readonly frameNumber: number;
  /** How alike they are, in dB. Undefined if it has another size. */
  readonly psnrDb: number | undefined;
  /** For the contact sheet, red, green, blue. */
  readonly small: VideoFrame;
}

/** Compares the pictures that were kept with what was sent, and makes them small. */
export async function judge(kept: readonly KeptPicture[]): Promise<JudgedPicture[]> {
  const pictures = new Map(kept.map(({ frameNumber, frame }) => [frameNumber, frame]));
  const judged: JudgedPicture[] = [];
  const frames = Math.max(0, ...pictures.keys()) + 1;
  let frameNumber = 0;
  await fromTestPattern({ ...testPicture, frames }).forEach((sent) => {
    const frame = pictures.get(frameNumber++);
    if (frame !== undefined) {
      const same = frame.width === sent.width && frame.height === sent.height;
      const psnrDb = same ? psnr(frame, sent).overall : undefined;
      of(frame)
        .pipe(scale({ width: SMALL_WIDTH }), convertColor({ format: 'RGB' }))
        .subscribe((small) => judged.push({ frameNumber: frameNumber - 1, psnrDb, small }));
    }
    sent.close();
  });
  return judged;
}
