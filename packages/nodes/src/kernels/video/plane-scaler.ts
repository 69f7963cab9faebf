import type { PlaneBytes } from '@sluice/core/kernels';
import { type WasmMemory, wasmExports, wasmMemory, wasmScratch } from '@sluice/core/kernels';
import { scaleAlphaWasm } from '../scale-alpha-wasm.generated.ts';
import { scaleWasm } from '../scale-wasm.generated.ts';
import { type ScaleAxis, type ScaleFilter, scaleAxis } from './scale-axis.ts';

/** What assembly/scale.ts exports; addresses are bytes. */
interface Kernel {
  mixRows(rows: number, weights: number, taps: number, width: number, target: number): void;
  mixFourTaps(source: number, firsts: number, weights: number, width: number, target: number): void;
  mixManyTaps(source: number, firsts: number, weights: number, taps: number, width: number, target: number): void;
  mixPixelsOfTwo(source: number, firsts: number, weights: number, width: number, target: number): void;
  mixPixelsOfFour(source: number, firsts: number, weights: number, width: number, target: number): void;
  mixPixels(
    source: number,
    firsts: number,
    weights: number,
    taps: number,
    channels: number,
    width: number,
    target: number,
  ): void;
}

/** What assembly/scale-alpha.ts exports. */
interface AlphaKernel {
  isOpaque(row: number, width: number, alphaFirst: number): number;
  premultiply(row: number, width: number, alphaFirst: number, target: number): void;
  mixWordRows(rows: number, weights: number, taps: number, width: number, target: number): void;
  mixAlphaPixels(
    source: number,
    firsts: number,
    weights: number,
    taps: number,
    width: number,
    target: number,
    alphaFirst: number,
  ): void;
}

/** Where a plane lies in an array, and the place in it that is written. */
export interface PlaneTarget {
  readonly data: Uint8Array;
  /** Index of the first byte. */
  readonly at: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Elements. Half of one at an end: one that stands for a single pixel, as chroma at the end of an odd size. */
  readonly width: number;
  readonly height: number;
}

/** The part of a plane that is taken: where it begins, and how many of its samples make one of the target's. */
export interface ScaleWindow {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  /** Of the whole plane, in elements, with halves as in the target. */
  readonly width: number;
  readonly height: number;
}

/** Rows of the source that one of the target may be made of before some are passed over. */
const MOST_ROW_STEP = 32;
/** Axes that are kept: four for each I420 stream. */
const MOST_AXES = 32;

/** Tables and rows of one scaling in WebAssembly memory, behind each other. */
interface Layout {
  readonly addresses: number;
  readonly rowWeights: number;
  readonly firsts: number;
  readonly weights: number;
  readonly mixed: number;
  readonly target: number;
  readonly ring: number;
  readonly ringStride: number;
  /** The same rows as premultiplied words, where pixels have an alpha. */
  readonly wordRing: number;
  readonly wordStride: number;
  readonly end: number;
}

/**
 * Makes planes larger and smaller, row by row: a ring of source rows in WebAssembly memory is mixed to one row, that to
 * the result. Nothing in there belongs to anybody, so one serves a thread.
 */
export class PlaneScaler {
  readonly #memory: WasmMemory = wasmMemory(wasmScratch);
  readonly #kernel: Kernel = wasmExports(scaleWasm, this.#memory);
  readonly #alphaKernel: AlphaKernel = wasmExports(scaleAlphaWasm, this.#memory);
  /** The source row in each place of the ring, */
  #held = new Int32Array(0);
  /** whether it is opaque, */
  #opaque = new Uint8Array(0);
  /** and the one that is there as words. */
  #words = new Int32Array(0);
  readonly #axes = new Map<string, ScaleAxis>();

  /**
   * Fills `to` with elements of as many bytes as those of `from`. Where pixels have an alpha, colours are weighted by it;
   * rows that are opaque are worked as those of pixels without one.
   */
  scale(from: PlaneBytes, to: PlaneTarget, window: ScaleWindow, filter: ScaleFilter): void {
    const { x, y, stepX, stepY } = window;
    const { width, bytes: channels, alpha } = from.plane;
    const spacing = Math.ceil(stepY / MOST_ROW_STEP);
    const rowCount = spacing === 1 ? window.height : Math.ceil(window.height / spacing);
    const columns = this.#axis(window.width, x, stepX, to.width, filter, channels === 1);
    const rows = this.#axis(rowCount, y / spacing, stepY / spacing, to.height, filter, false);
    const targetWidth = Math.ceil(to.width);
    const layout = layoutOf(width * channels, targetWidth * channels, columns, rows, alpha !== undefined);
    this.#upload(layout, columns, rows, 2 * channels);
    this.#forgetRows(rows.taps);

    const bytes = new Uint8Array(this.#memory.buffer);
    const addresses = new Uint32Array(this.#memory.buffer, layout.addresses, rows.taps);
    const rowBytes = width * channels;
    const targetBytes = targetWidth * channels;
    for (let row = 0; row < to.height; row++) {
      const opaque = this.#loadRows(from, rows.firsts[row]!, spacing, layout, addresses, bytes);
      const weights = layout.rowWeights + 2 * row * rows.taps;
      if (opaque) {
        this.#kernel.mixRows(layout.addresses, weights, rows.taps, rowBytes, layout.mixed);
        this.#mixColumns(layout, columns.taps, channels, targetWidth);
      } else {
        const first = alpha === 0 ? 1 : 0;
        this.#premultiply(rows.firsts[row]!, width, first, layout, addresses);
        this.#alphaKernel.mixWordRows(layout.addresses, weights, rows.taps, rowBytes, layout.mixed);
        const { mixed, firsts, weights: columnWeights, target } = layout;
        this.#alphaKernel.mixAlphaPixels(mixed, firsts, columnWeights, columns.taps, targetWidth, target, first);
      }
      to.data.set(bytes.subarray(layout.target, layout.target + targetBytes), to.at + row * to.stride);
    }
  }

  #forgetRows(taps: number): void {
    if (this.#held.length < taps) {
      this.#held = new Int32Array(taps);
      this.#opaque = new Uint8Array(taps);
      this.#words = new Int32Array(taps);
    }
    this.#held.fill(-1);
    this.#words.fill(-1);
  }

  /** The same for every frame of a stream, so it is kept. */
  #axis(size: number, start: number, step: number, length: number, filter: ScaleFilter, bySamples: boolean): ScaleAxis {
    const key = `${size} ${start} ${step} ${length} ${filter} ${bySamples}`;
    let axis = this.#axes.get(key);
    if (axis === undefined) {
      if (this.#axes.size === MOST_AXES) this.#axes.clear();
      axis = scaleAxis({ size, start, step, length, filter, roundTaps: bySamples ? roundToKernel : roundToPair });
      this.#axes.set(key, axis);
    }
    return axis;
  }

  #mixColumns({ mixed, firsts, weights, target }: Layout, taps: number, channels: 1 | 3 | 4, width: number): void {
    if (channels === 4 && taps === 2) this.#kernel.mixPixelsOfTwo(mixed, firsts, weights, width, target);
    else if (channels === 4 && taps === 4) this.#kernel.mixPixelsOfFour(mixed, firsts, weights, width, target);
    else if (channels !== 1) this.#kernel.mixPixels(mixed, firsts, weights, taps, channels, width, target);
    else if (taps === 4) this.#kernel.mixFourTaps(mixed, firsts, weights, width, target);
    else this.#kernel.mixManyTaps(mixed, firsts, weights, taps, width, target);
  }

  /**
   * Brings the rows that a row of the target is made of into the ring, and tells the kernel where they are. Returns
   * whether all of them are opaque.
   */
  #loadRows(
    { data, plane }: PlaneBytes,
    first: number,
    spacing: number,
    { ring, ringStride }: Layout,
    addresses: Uint32Array,
    bytes: Uint8Array,
  ): boolean {
    const taps = addresses.length;
    const rowBytes = plane.width * plane.bytes;
    let opaque = 1;
    for (let tap = 0; tap < taps; tap++) {
      const sample = first + tap;
      const place = sample % taps;
      const address = ring + place * ringStride;
      addresses[tap] = address;
      if (this.#held[place] === sample) {
        opaque &= this.#opaque[place]!;
        continue;
      }
      this.#held[place] = sample;
      const source = Math.min(sample * spacing + (spacing >> 1), plane.height - 1);
      const start = plane.at + source * rowBytes;
      bytes.set(data.subarray(start, start + rowBytes), address);
      const whole =
        plane.alpha === undefined || this.#alphaKernel.isOpaque(address, plane.width, plane.alpha === 0 ? 1 : 0);
      this.#opaque[place] = whole ? 1 : 0;
      opaque &= this.#opaque[place];
    }
    return opaque === 1;
  }

  /** Makes words of the rows that were loaded, and tells the kernel where these are. */
  #premultiply(
    first: number,
    width: number,
    alphaFirst: number,
    { ring, ringStride, wordRing, wordStride }: Layout,
    addresses: Uint32Array,
  ): void {
    const taps = addresses.length;
    for (let tap = 0; tap < taps; tap++) {
      const place = (first + tap) % taps;
      const address = wordRing + place * wordStride;
      addresses[tap] = address;
      if (this.#words[place] === first + tap) continue;
      this.#words[place] = first + tap;
      this.#alphaKernel.premultiply(ring + place * ringStride, width, alphaFirst, address);
    }
  }

  #upload(layout: Layout, columns: ScaleAxis, rows: ScaleAxis, sampleBytes: number): void {
    const { end, firsts, weights, rowWeights } = layout;
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / 65_536));
    const list = new Uint32Array(this.#memory.buffer, firsts, columns.firsts.length);
    for (let index = 0; index < list.length; index++) list[index] = columns.firsts[index]! * sampleBytes;
    new Int16Array(this.#memory.buffer, weights, columns.weights.length).set(columns.weights);
    new Int16Array(this.#memory.buffer, rowWeights, rows.weights.length).set(rows.weights);
  }
}

function roundToPair(taps: number): number {
  return (taps + 1) & ~1;
}

function roundToKernel(taps: number): number {
  return taps <= 4 ? 4 : (taps + 7) & ~7;
}

function layoutOf(fromBytes: number, toBytes: number, columns: ScaleAxis, rows: ScaleAxis, withAlpha: boolean): Layout {
  let next = wasmScratch;
  const area = (bytes: number) => {
    const at = next;
    // Kernels read and write a vector further than what counts.
    next = (at + bytes + 79) & ~15;
    return at;
  };
  const addresses = area(4 * rows.taps);
  const rowWeights = area(rows.weights.byteLength);
  const firsts = area(columns.firsts.byteLength);
  const weights = area(columns.weights.byteLength);
  // The taps of the last result may reach beyond the row, without weight.
  const mixed = area(2 * fromBytes + 8 * columns.taps);
  const target = area(toBytes);
  const ringStride = (fromBytes + 31) & ~15;
  const ring = area(rows.taps * ringStride);
  const wordStride = withAlpha ? 2 * ringStride : 0;
  const wordRing = area(rows.taps * wordStride);
  const places = { addresses, rowWeights, firsts, weights, mixed, target };
  return { ...places, ring, ringStride, wordRing, wordStride, end: next };
}
