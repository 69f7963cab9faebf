import { dimensionRange } from '../../media/video-format.ts';
import { shrinkWasm } from '../shrink-wasm.generated.ts';
import { wasmExports, wasmMemory, wasmScratch } from '../wasm-instance.ts';

/** What assembly/shrink.ts exports; addresses are bytes. */
interface Kernel {
  sumRow(source: number, width: number, sums: number, begin: boolean): void;
  meansOfPairs(sums: number, target: number, width: number): void;
  meansBetween(
    sums: number,
    edges: number,
    rows: number,
    narrow: number,
    narrowFactor: number,
    wideFactor: number,
    target: number,
    width: number,
  ): void;
}

/** Bytes whose mean is exact when a multiplication takes the place of the division, and rows whose sum has 16 bits. */
const MOST_BYTES = 2_048;
const MOST_ROWS = 256;

/** A row, and the little beyond it that vectors touch. */
const rowArea = dimensionRange.max + 64;
const targetAddress = wasmScratch + rowArea;
const sumsAddress = targetAddress + rowArea;
const edgesAddress = sumsAddress + 2 * rowArea;

/**
 * Makes planes of bytes smaller, row by row in WebAssembly memory. Nothing in there belongs to anybody, so one serves a
 * thread.
 */
export class PlaneShrinker {
  readonly #bytes: Uint8Array;
  readonly #edges: Uint16Array;
  readonly #kernel: Kernel;
  /** Widths that the edges are for. */
  #edgesOf = '';

  constructor() {
    const memory = wasmMemory(edgesAddress + 2 * rowArea);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#edges = new Uint16Array(memory.buffer, edgesAddress, rowArea);
    this.#kernel = wasmExports(shrinkWasm, memory);
  }

  /** Fills a plane of `to` with means of one of `from`. The first numbers are where the planes begin. */
  shrink(
    from: Uint8Array,
    fromAt: number,
    fromWidth: number,
    fromHeight: number,
    to: Uint8Array,
    toAt: number,
    toWidth: number,
    toHeight: number,
  ): void {
    const most = Math.ceil(fromHeight / toHeight);
    if (most > MOST_ROWS || most * Math.ceil(fromWidth / toWidth) > MOST_BYTES)
      return shrinkPlane(from, fromAt, fromWidth, fromHeight, to, toAt, toWidth, toHeight);
    const halves = fromWidth === 2 * toWidth && fromHeight === 2 * toHeight;
    if (!halves) this.#setEdges(fromWidth, toWidth);
    let top = 0;
    for (let y = 0; y < toHeight; y++) {
      const bottom = Math.floor(((y + 1) * fromHeight) / toHeight);
      for (let row = top; row < bottom; row++) {
        const start = fromAt + row * fromWidth;
        this.#bytes.set(from.subarray(start, start + fromWidth), wasmScratch);
        this.#kernel.sumRow(wasmScratch, fromWidth, sumsAddress, row === top);
      }
      if (halves) this.#kernel.meansOfPairs(sumsAddress, targetAddress, toWidth);
      else this.#means(bottom - top, Math.floor(fromWidth / toWidth), toWidth);
      to.set(this.#bytes.subarray(targetAddress, targetAddress + toWidth), toAt + y * toWidth);
      top = bottom;
    }
  }

  #means(rows: number, narrow: number, width: number): void {
    const [narrowFactor, wideFactor] = [factorFor(rows * narrow), factorFor(rows * (narrow + 1))];
    this.#kernel.meansBetween(sumsAddress, edgesAddress, rows, narrow, narrowFactor, wideFactor, targetAddress, width);
  }

  #setEdges(fromWidth: number, toWidth: number): void {
    const key = `${fromWidth}/${toWidth}`;
    if (this.#edgesOf === key) return;
    this.#edgesOf = key;
    for (let x = 0; x <= toWidth; x++) this.#edges[x] = Math.floor((x * fromWidth) / toWidth);
  }
}

function factorFor(count: number): number {
  return Math.floor(2 ** 31 / count) + 1;
}

/** The same in TypeScript: for ratios beyond those of the kernel, and what it is held to. */
export function shrinkPlane(
  from: Uint8Array,
  fromAt: number,
  fromWidth: number,
  fromHeight: number,
  to: Uint8Array,
  toAt: number,
  toWidth: number,
  toHeight: number,
): void {
  let target = toAt;
  for (let y = 0; y < toHeight; y++) {
    const top = Math.floor((y * fromHeight) / toHeight);
    const bottom = Math.floor(((y + 1) * fromHeight) / toHeight);
    for (let x = 0; x < toWidth; x++) {
      const left = Math.floor((x * fromWidth) / toWidth);
      const right = Math.floor(((x + 1) * fromWidth) / toWidth);
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        const start = fromAt + row * fromWidth;
        for (let at = start + left; at < start + right; at++) sum += from[at]!;
      }
      const count = (bottom - top) * (right - left);
      to[target++] = (sum + (count >> 1)) / count;
    }
  }
}
