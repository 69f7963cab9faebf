import type { Picture } from './color/picture.ts';
import { copyRows } from './copy-rows.ts';
import { type Plane, planesOf } from './planes.ts';
import { turnWasm } from './turn-wasm.generated.ts';
import { wasmExports, wasmMemory, wasmScratch } from './wasm-instance.ts';

/** What assembly/turn.ts exports; addresses and strides are bytes, counts elements. */
type Reverse = (source: number, target: number, count: number) => void;
type Transpose = (
  source: number,
  sourceStride: number,
  target: number,
  targetStride: number,
  columns: number,
  rows: number,
) => void;
type TurnExports = Record<`reverse${Plane['bytes']}`, Reverse> & Record<`transpose${Plane['bytes']}`, Transpose>;

/** The bytes of a picture, and a plane in them. */
export interface PlaneBytes {
  /** The bytes of the whole picture. */
  readonly data: Uint8Array;
  /** Where in them the plane lies. */
  readonly plane: Plane;
}

/** Room for each of the two operands: four columns of the tallest picture, and small enough for the processor's caches. */
const areaBytes = 1 << 18;
const source = wasmScratch;
const target = source + areaBytes;

let engine: { readonly kernels: TurnExports; readonly memory: Uint8Array } | undefined;

/** Rows from the last to the first. Both planes have the same size. */
export function flipRows(from: PlaneBytes, to: PlaneBytes): void {
  const { width, height, bytes } = from.plane;
  const stride = width * bytes;
  for (let row = 0; row < height; row++) {
    const at = from.plane.at + row * stride;
    to.data.set(from.data.subarray(at, at + stride), to.plane.at + (height - 1 - row) * stride);
  }
}

/** Each row from its last element to its first. Both planes have the same size. */
export function flipColumns(from: PlaneBytes, to: PlaneBytes): void {
  const { width, height, bytes } = from.plane;
  const { kernels, memory } = load();
  const stride = width * bytes;
  const most = Math.floor(areaBytes / stride);
  for (let row = 0; row < height; row += most) {
    const count = Math.min(most, height - row);
    fetch(memory, from, row * stride, count * stride);
    for (let at = 0; at < count * stride; at += stride) kernels[`reverse${bytes}`](source + at, target + at, width);
    put(memory, to, row * stride, count * stride);
  }
}

/**
 * Turns a picture clockwise, in any format. `to` has the format of `from`, by a quarter with width and height changed
 * over. In I420 of an odd size the chroma may be half a sample off.
 */
export function turnPicture(from: Picture, to: Picture, degrees: 90 | 180 | 270): void {
  const targets = planesOf(to);
  for (const [index, plane] of planesOf(from).entries()) {
    const source = { data: from.data, plane };
    const target = { data: to.data, plane: targets[index]! };
    if (degrees === 180) turnHalf(source, target);
    else turnQuarter(source, target, degrees === 90);
  }
}

/** By half a turn. Both planes have the same size. */
function turnHalf(from: PlaneBytes, to: PlaneBytes): void {
  const { width, height, bytes } = from.plane;
  const { kernels, memory } = load();
  const total = width * height;
  const most = Math.floor(areaBytes / bytes);
  for (let first = 0; first < total; first += most) {
    const count = Math.min(most, total - first);
    fetch(memory, from, first * bytes, count * bytes);
    kernels[`reverse${bytes}`](source, target, count);
    put(memory, to, (total - first - count) * bytes, count * bytes);
  }
}

/** By a quarter of a turn: columns become rows. The target's width is the source's height and the other way round. */
function turnQuarter(from: PlaneBytes, to: PlaneBytes, clockwise: boolean): void {
  const { at, width, height, bytes } = from.plane;
  const { kernels, memory } = load();
  const turnedStride = height * bytes;
  const most = Math.floor(areaBytes / turnedStride);
  for (let first = 0; first < width; first += most) {
    const count = Math.min(most, width - first);
    const stride = count * bytes;
    const columns = { data: from.data, at: at + first * bytes, stride: width * bytes };
    copyRows(columns, { data: memory, at: source, stride }, stride, height);
    const transpose = kernels[`transpose${bytes}`];
    if (clockwise) transpose(source + (height - 1) * stride, -stride, target, turnedStride, count, height);
    else transpose(source, stride, target + (count - 1) * turnedStride, -turnedStride, count, height);
    put(memory, to, (clockwise ? first : width - first - count) * turnedStride, count * turnedStride);
  }
}

function fetch(memory: Uint8Array, { data, plane }: PlaneBytes, at: number, length: number): void {
  memory.set(data.subarray(plane.at + at, plane.at + at + length), source);
}

function put(memory: Uint8Array, { data, plane }: PlaneBytes, at: number, length: number): void {
  data.set(memory.subarray(target, target + length), plane.at + at);
}

function load() {
  if (engine === undefined) {
    const memory = wasmMemory(target + areaBytes);
    engine = { kernels: wasmExports<TurnExports>(turnWasm, memory), memory: new Uint8Array(memory.buffer) };
  }
  return engine;
}
