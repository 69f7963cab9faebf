// The test pattern, drawn and read back. What plays it is a source.

import type { ColorSpace, VideoFormat } from '@sluice/core';
import type { Picture } from '@sluice/core/kernels';
import type { ExactFrameRate } from '../../options/exact-frame-rate.ts';
import { glyphHeight, glyphWidth, textRow } from './digit-font.ts';
import { PatternCanvas, type Rgb } from './pattern-canvas.ts';
import { encodePatternCode } from './pattern-code.ts';
import {
  codeColumns,
  codeRows,
  markerIsWhite,
  type PatternLayout,
  patternLayout,
  type Region,
} from './pattern-layout.ts';
import { boxProgress, flashes, timecode } from './pattern-time.ts';

/** 75 % of full scale: the bars of ITU-R BT.471 (100/0/75/0) in the order of SMPTE EG 1. */
const on = 191;
const white: Rgb = [on, on, on];
const black: Rgb = [0, 0, 0];
const blue: Rgb = [0, 0, on];
const cyan: Rgb = [0, on, on];
const magenta: Rgb = [on, 0, on];
const bars: readonly Rgb[] = [white, [on, on, 0], cyan, [0, on, 0], magenta, [on, 0, 0], blue];
/** The lower row of EG 1: each colour whose blue is on, from the other end. */
const castellations: readonly Rgb[] = [blue, black, magenta, black, cyan, black, white];

/** Draws the test pattern. What never moves is drawn once and copied; what moves is grey and costs a few rows of fills. */
export class PatternArtist {
  readonly #still: Uint8Array;
  readonly #layout: PatternLayout;
  readonly #width: number;
  readonly #rate: ExactFrameRate;

  constructor(format: VideoFormat & { readonly colorSpace: ColorSpace }, bytes: number, rate: ExactFrameRate) {
    const { width, height } = format;
    this.#width = width;
    this.#rate = rate;
    this.#layout = patternLayout(width, height);
    this.#still = new Uint8Array(bytes);
    const canvas = new PatternCanvas({ ...format, data: this.#still });
    canvas.color({ left: 0, top: 0, right: width, bottom: height }, black);
    this.#drawBars(canvas, this.#layout.bars, bars);
    this.#drawBars(canvas, this.#layout.castellations, castellations);
    for (let row = 0; row < codeRows; row++) {
      if (markerIsWhite('left', row)) canvas.grey(this.#layout.codeCell(0, row), 255);
      if (markerIsWhite('right', row)) canvas.grey(this.#layout.codeCell(codeColumns + 1, row), 255);
    }
  }

  /** Fills `picture`, which has the format that the artist was made for. */
  draw(frameNumber: number, picture: Picture): void {
    picture.data.set(this.#still);
    const canvas = new PatternCanvas(picture);
    this.#drawBox(canvas, boxProgress(frameNumber, this.#rate));
    this.#drawCode(canvas, encodePatternCode({ frameNumber, rate: this.#rate }));
    this.#drawText(canvas, [timecode(frameNumber, this.#rate), `#${frameNumber}`]);
    if (flashes(frameNumber, this.#rate)) canvas.grey(this.#layout.flash, 255);
  }

  #drawBars(canvas: PatternCanvas, area: Region, colors: readonly Rgb[]): void {
    const x = (index: number) =>
      index === colors.length ? this.#width : Math.round((index * this.#width) / colors.length / 2) * 2;
    for (const [index, color] of colors.entries()) {
      const bar = { ...area, left: x(index), right: x(index + 1) };
      if (bar.right > bar.left && bar.bottom > bar.top) canvas.color(bar, color);
    }
  }

  #drawBox(canvas: PatternCanvas, progress: number): void {
    const { lane } = this.#layout;
    const side = Math.min(lane.bottom - lane.top, this.#width);
    const left = Math.round(progress * (this.#width - side));
    canvas.grey({ ...lane, left, right: left + side }, 255);
  }

  /** A row of cells is drawn one pixel high, then copied down. */
  #drawCode(canvas: PatternCanvas, bits: readonly boolean[]): void {
    for (let row = 0; row < codeRows; row++) {
      const { top, bottom } = this.#layout.codeCell(0, row);
      if (bottom <= top) continue;
      for (let column = 0; column < codeColumns; column++) {
        const { left, right } = this.#layout.codeCell(column + 1, row);
        if (bits[row * codeColumns + column]) canvas.span(top, left, right, 255);
      }
      const { right } = this.#layout.codeCell(codeColumns, row);
      canvas.repeat(top, bottom, this.#layout.codeCell(1, row).left, right);
    }
  }

  /** As large as fits, in whole pixels a dot; pictures too small for it carry no text. */
  #drawText(canvas: PatternCanvas, lines: readonly string[]): void {
    const { left, top, right, bottom } = this.#layout.text;
    const lineHeight = (bottom - top) / lines.length;
    const longest = Math.max(...lines.map((line) => line.length));
    const dot = Math.floor(Math.min((right - left) / (longest * glyphWidth), lineHeight / glyphHeight));
    if (dot < 1) return;
    for (const [index, line] of lines.entries()) {
      const first = Math.floor(top + index * lineHeight + (lineHeight - dot * glyphHeight) / 2);
      for (let row = 0; row < glyphHeight; row++) {
        const y = first + row * dot;
        textRow(line, row, (from, to) => canvas.span(y, left + from * dot, left + to * dot, 255));
        canvas.repeat(y, y + dot, left, left + line.length * glyphWidth * dot);
      }
    }
  }
}
