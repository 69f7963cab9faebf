import type { ColorSpace } from '../../media/color-format.ts';
import { fromI420Wasm } from '../from-i420-wasm.generated.ts';
import { reorderPixelsWasm } from '../reorder-pixels-wasm.generated.ts';
import { toI420Wasm } from '../to-i420-wasm.generated.ts';
import { wasmExports, wasmMemory, wasmScratch } from '../wasm-instance.ts';
import { colorMatrix } from './color-matrix.ts';
import { byteOrder, fromI420Weights, toI420Weights } from './kernel-weights.ts';
import type { Picture } from './picture.ts';
import { bandBytes, largestBandBytes, type PictureBand, pictureBands } from './picture-bands.ts';
import { type PackedFormat, pixelLayouts } from './pixel-layout.ts';

/** What assembly/{to-i420,from-i420,reorder-pixels}.ts export; addresses and steps are bytes. */
type ToI420 = (
  source: number,
  width: number,
  rows: number,
  luma: number,
  u: number,
  v: number,
  edge: number,
  weights: number,
) => void;
type FromI420 = (
  luma: number,
  u: number,
  v: number,
  width: number,
  rows: number,
  target: number,
  edge: number,
  weights: number,
) => void;
type Reorder = (
  source: number,
  sourceStep: number,
  target: number,
  targetStep: number,
  blocks: number,
  order: number,
) => void;

const edgeAddress = wasmScratch;
const orderAddress = edgeAddress + 192;
/** Of two kernels: from one colour space to another both are at work. */
const toWeightsAddress = orderAddress + 32;
const fromWeightsAddress = toWeightsAddress + 128;
const packedAddress = fromWeightsAddress + 128;
/** A band, and the little that kernels read and write beyond it. */
const areaBytes = largestBandBytes + 64;
/** The planes of a band, or packed pixels again. */
const planesAddress = packedAddress + areaBytes;

/**
 * Converts pictures in 128-bit WebAssembly vectors, band by band: rows are copied into WebAssembly memory, converted and
 * copied out while they are in the processor's caches. Nothing in that memory belongs to anybody, so one engine serves a
 * thread.
 */
export class SimdColorEngine {
  readonly #bytes: Uint8Array;
  readonly #to: {
    readonly alphaLastToI420: ToI420;
    readonly alphaFirstToI420: ToI420;
    readonly threeToI420: ToI420;
  };
  readonly #from: {
    readonly i420ToAlphaLast: FromI420;
    readonly i420ToAlphaFirst: FromI420;
    readonly i420ToThree: FromI420;
  };
  readonly #reorder: Reorder;

  constructor() {
    const memory = wasmMemory(planesAddress + areaBytes);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#to = wasmExports(toI420Wasm, memory);
    this.#from = wasmExports(fromI420Wasm, memory);
    this.#reorder = wasmExports<{ readonly reorder: Reorder }>(reorderPixelsWasm, memory).reorder;
  }

  /** Fills `to`, which has the size of `from` and another format, or is I420 too. */
  convert(from: Picture, to: Picture): void {
    if (from.format !== 'I420' && to.format !== 'I420') this.#swizzle(from, from.format, to, to.format);
    else if (from.format !== 'I420') this.#encode(from, from.format, to);
    else if (to.format !== 'I420') this.#decode(from, to, to.format);
    else this.#recode(from, to);
  }

  #encode(from: Picture, format: PackedFormat, to: Picture): void {
    const pack = this.#packer(format, to.colorSpace);
    const rowBytes = from.width * pixelLayouts[format].bytes;
    for (const band of pictureBands(from)) {
      const start = band.top * rowBytes;
      this.#bytes.set(from.data.subarray(start, start + band.rows * rowBytes), packedAddress);
      pack(band, from.width);
      this.#takePlanes(to, band);
    }
  }

  #decode(from: Picture, to: Picture, format: PackedFormat): void {
    const unpack = this.#unpacker(format, from.colorSpace);
    const rowBytes = from.width * pixelLayouts[format].bytes;
    for (const band of pictureBands(from)) {
      this.#putPlanes(from, band);
      unpack(band, from.width);
      to.data.set(this.#bytes.subarray(packedAddress, packedAddress + band.rows * rowBytes), band.top * rowBytes);
    }
  }

  /** From one colour space to another, through RGB. */
  #recode(from: Picture, to: Picture): void {
    const unpack = this.#unpacker('RGBA', from.colorSpace);
    const pack = this.#packer('RGBA', to.colorSpace);
    for (const band of pictureBands(from)) {
      this.#putPlanes(from, band);
      unpack(band, from.width);
      pack(band, from.width);
      this.#takePlanes(to, band);
    }
  }

  #swizzle(from: Picture, fromFormat: PackedFormat, to: Picture, toFormat: PackedFormat): void {
    const [source, target] = [pixelLayouts[fromFormat], pixelLayouts[toFormat]];
    // In place, unless pixels grow and would overtake those that were not read yet.
    const result = target.bytes > source.bytes ? planesAddress : packedAddress;
    const most = bandBytes / 4;
    const pixels = from.width * from.height;
    this.#bytes.set(byteOrder(source, target), orderAddress);
    for (let first = 0; first < pixels; first += most) {
      const count = Math.min(most, pixels - first);
      const start = first * source.bytes;
      this.#bytes.set(from.data.subarray(start, start + count * source.bytes), packedAddress);
      this.#reorder(packedAddress, source.bytes * 4, result, target.bytes * 4, (count + 15) >> 4, orderAddress);
      to.data.set(this.#bytes.subarray(result, result + count * target.bytes), first * target.bytes);
    }
  }

  /** What makes planes of the packed pixels of a band. */
  #packer(format: PackedFormat, colorSpace: ColorSpace | undefined): (band: PictureBand, width: number) => void {
    const { alpha } = pixelLayouts[format];
    const { alphaFirstToI420, alphaLastToI420, threeToI420 } = this.#to;
    const kernel = alpha === undefined ? threeToI420 : alpha === 0 ? alphaFirstToI420 : alphaLastToI420;
    this.#put(toI420Weights(pixelLayouts[format], colorMatrix(colorSpace)), toWeightsAddress);
    return (band, width) => {
      const [u, v] = chromaAddresses(band);
      kernel(packedAddress, width, band.rows, planesAddress, u, v, edgeAddress, toWeightsAddress);
    };
  }

  /** What makes packed pixels of the planes of a band. */
  #unpacker(format: PackedFormat, colorSpace: ColorSpace | undefined): (band: PictureBand, width: number) => void {
    const { alpha } = pixelLayouts[format];
    const { i420ToAlphaFirst, i420ToAlphaLast, i420ToThree } = this.#from;
    const kernel = alpha === undefined ? i420ToThree : alpha === 0 ? i420ToAlphaFirst : i420ToAlphaLast;
    this.#put(fromI420Weights(pixelLayouts[format], colorMatrix(colorSpace)), fromWeightsAddress);
    return (band, width) => {
      const [u, v] = chromaAddresses(band);
      kernel(planesAddress, u, v, width, band.rows, packedAddress, edgeAddress, fromWeightsAddress);
    };
  }

  #put(vectors: Int32Array, address: number): void {
    this.#bytes.set(new Uint8Array(vectors.buffer), address);
  }

  #putPlanes({ data }: Picture, band: PictureBand): void {
    const [u, v] = chromaAddresses(band);
    this.#bytes.set(data.subarray(band.luma.start, band.luma.end), planesAddress);
    this.#bytes.set(data.subarray(band.u.start, band.u.end), u);
    this.#bytes.set(data.subarray(band.v.start, band.v.end), v);
  }

  #takePlanes({ data }: Picture, band: PictureBand): void {
    const [u, v] = chromaAddresses(band);
    const { luma } = band;
    data.set(this.#bytes.subarray(planesAddress, planesAddress + luma.end - luma.start), luma.start);
    data.set(this.#bytes.subarray(u, u + band.u.end - band.u.start), band.u.start);
    data.set(this.#bytes.subarray(v, v + band.v.end - band.v.start), band.v.start);
  }
}

/** The planes of a band lie one after another, each from a vector's boundary. */
function chromaAddresses({ luma, u }: PictureBand): readonly [u: number, v: number] {
  const uAddress = align(planesAddress + luma.end - luma.start);
  return [uAddress, align(uAddress + u.end - u.start)];
}

function align(address: number): number {
  return (address + 15) & ~15;
}
