import type { FirEngine } from './fir-engine.ts';
import { firWasm } from './fir-wasm.generated.ts';
import { groupTaps, type PolyphaseFilter } from './polyphase-filter.ts';
import { pageBytes, wasmExports, wasmMemory, wasmScratch } from './wasm-instance.ts';

/** What assembly/fir.ts exports; addresses and strides are bytes. */
interface FirExports {
  deinterleave(input: number, planes: number, stride: number, channels: number, frames: number): void;
  shape(head: number, wide: number, tail: number, fineBits: number, unit: number): void;
  filterExact(
    rows: number,
    up: number,
    down: number,
    input: number,
    output: number,
    outputStep: number,
    count: number,
    phase: number,
  ): void;
  filterBetween(
    rows: number,
    rowCount: number,
    up: number,
    down: number,
    input: number,
    output: number,
    outputStep: number,
    count: number,
    phase: number,
  ): void;
}

interface Slot {
  readonly address: number;
  readonly generation: number;
}

/** Room for coefficients. When it is full it is emptied, and the filters in use come back with their next call. */
const tableBytes = 1 << 20;

const align = (address: number) => Math.ceil(address / 16) * 16;

/**
 * The filter in 128-bit WebAssembly vectors. The memory holds coefficients, which can be uploaded again, and scratch
 * space, so nothing in it belongs to anybody and nothing needs to be freed. It grows with the largest call only.
 */
export class SimdFirEngine implements FirEngine {
  readonly #memory = wasmMemory(wasmScratch + tableBytes);
  readonly #exports: FirExports;
  readonly #slots = new WeakMap<PolyphaseFilter, Slot>();
  #generation = 0;
  #nextTable = wasmScratch;
  #words: Int16Array;
  #input = 0;
  #inputView = new Int16Array(0);
  #planes = 0;
  #output = 0;
  #outputView = new Int16Array(0);

  constructor() {
    this.#exports = wasmExports(firWasm, this.#memory);
    this.#words = new Int16Array(this.#memory.buffer);
  }

  /** Size of the memory, which never shrinks. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  stage(filter: PolyphaseFilter, channels: number, frames: number, count: number): Int16Array {
    if (frames * channels > this.#inputView.length || count * channels > this.#outputView.length)
      this.#makeRoom(frames * channels, count * channels);
    if (this.#slots.get(filter)?.generation !== this.#generation) this.#upload(filter);
    return this.#inputView;
  }

  run(filter: PolyphaseFilter, channels: number, frames: number, phase: number, count: number): Int16Array {
    const { taps, head, wide, fineBits, up, down, unit } = filter;
    this.#exports.shape(head, wide, taps / groupTaps - wide - head, fineBits, unit);
    const rows = this.#slots.get(filter)!.address;
    const stride = align(frames * 2);
    let plane = this.#input;
    if (channels > 1) {
      plane = this.#planes;
      this.#exports.deinterleave(this.#input, plane, stride, channels, frames);
    }
    for (let channel = 0; channel < channels; channel++, plane += stride) {
      const output = this.#output + channel * 2;
      const step = channels * 2;
      if (filter.interpolated)
        this.#exports.filterBetween(rows, filter.rows, up, down, plane, output, step, count, phase);
      else this.#exports.filterExact(rows, up, down, plane, output, step, count, phase);
    }
    return this.#outputView;
  }

  #makeRoom(inputs: number, outputs: number): void {
    const inputLength = Math.max(this.#inputView.length, inputs);
    const outputLength = Math.max(this.#outputView.length, outputs);
    this.#input = wasmScratch + tableBytes;
    this.#planes = align(this.#input + inputLength * 2);
    // Each plane begins on a vector boundary: up to 16 bytes more for each of 64 channels.
    this.#output = align(this.#planes + inputLength * 2 + 64 * 16);
    const missing = this.#output + outputLength * 2 - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
    this.#words = new Int16Array(this.#memory.buffer);
    this.#inputView = new Int16Array(this.#memory.buffer, this.#input, inputLength);
    this.#outputView = new Int16Array(this.#memory.buffer, this.#output, outputLength);
  }

  #upload(filter: PolyphaseFilter): void {
    const bytes = align(filter.words.byteLength);
    if (this.#nextTable + bytes > wasmScratch + tableBytes) {
      this.#generation++;
      this.#nextTable = wasmScratch;
    }
    this.#words.set(filter.words, this.#nextTable / 2);
    this.#slots.set(filter, { address: this.#nextTable, generation: this.#generation });
    this.#nextTable += bytes;
  }
}
