import { type ColorFormat, type ColorSpace, outOfRange } from '@sluice/core';
import { type Picture, planesOf, wasmExports, wasmMemory, wasmScratch } from '@sluice/core/kernels';
import { toneWasm } from '../tone-wasm.generated.ts';

/** What assembly/tone.ts exports; addresses and counts are bytes. */
interface ToneExports {
  adjust(at: number, count: number, lanes: number): void;
  grey4(at: number, count: number, weights: number, kept: number): void;
  grey3(at: number, count: number, weights: number): void;
}

/** Whole pixels of 3 and of 4 bytes, and whole vectors. */
const bandBytes = 48 * 1_365;
const tables = wasmScratch;
const band = tables + 64;

/** How light becomes another: `light * factor + offset`, where white is 1 and black 0. */
export interface LightChange {
  /** 0 to 4. */
  readonly factor: number;
  /** -1 to 1. */
  readonly offset: number;
}

/** The shares of ITU-R BT.601 in units of 1/32768; they sum to 1. */
const lumaShares = { red: 9_798, green: 19_235, blue: 3_735 } as const;
type Part = keyof typeof lumaShares | 'alpha';

/** What the bytes of a pixel are, in their order. */
const pixelParts: Readonly<Record<Exclude<ColorFormat, 'I420'>, readonly Part[]>> = {
  RGBA: ['red', 'green', 'blue', 'alpha'],
  RGB: ['red', 'green', 'blue'],
  ARGB: ['alpha', 'red', 'green', 'blue'],
  ABGR: ['alpha', 'blue', 'green', 'red'],
  BGRA: ['blue', 'green', 'red', 'alpha'],
};

let engine: { readonly kernels: ToneExports; readonly memory: Uint8Array } | undefined;

/**
 * Makes a picture lighter or darker, in place. Red, green and blue become `value * factor + offset * 255`, within half a
 * level, at most 255 and at least 0. Y, U and V become what their formulas make of that, as long as nothing is cut off.
 * Alpha stays.
 */
export function adjustLight(picture: Picture, { factor, offset }: LightChange): void {
  if (!(factor >= 0 && factor <= 4 && Math.abs(offset) <= 1))
    throw outOfRange('light', 'a factor of 0 to 4 and an offset of -1 to 1', `${factor}, ${offset}`);
  const { format, data } = picture;
  if (format !== 'I420') {
    const colour = { weight: factor, added: offset * 255 };
    const same = { weight: 1, added: 0 };
    // Pixels of three bytes have colours only.
    const lanes = [0, 1, 2, 3].map((lane) => (pixelParts[format][lane] === 'alpha' ? same : colour));
    adjust(data, 0, data.length, lanes);
    return;
  }
  const { black, range } = lumaRange(picture.colorSpace);
  const [luma, chroma] = planesOf(picture);
  const end = luma!.width * luma!.height;
  adjust(data, 0, end, [{ weight: factor, added: black * (1 - factor) + offset * range }]);
  adjust(data, chroma!.at, data.length, [{ weight: factor, added: 128 * (1 - factor) }]);
}

/** Takes the colour out of a picture, in place: BT.601 luma of red, green and blue, or the luma of I420. Alpha stays. */
export function greyOut(picture: Picture): void {
  const { format, data } = picture;
  if (format === 'I420') {
    data.fill(128, picture.width * picture.height);
    return;
  }
  const { kernels, memory } = load();
  const parts = pixelParts[format];
  const shares = Array.from({ length: 8 }, (_, word) => {
    const part = parts[word % 4] ?? 'alpha';
    return part === 'alpha' ? 0 : lumaShares[part];
  });
  memory.set(new Uint8Array(Int16Array.from(shares).buffer), tables);
  const kept = tables + 16;
  for (let at = 0; at < 16; at++) memory[kept + at] = parts[at % 4] === 'alpha' ? 255 : 0;
  inBands(memory, data, 0, data.length, (count) => {
    if (parts.length === 3) kernels.grey3(band, count, tables);
    else kernels.grey4(band, count, tables, kept);
  });
}

interface Lane {
  readonly weight: number;
  /** Levels. */
  readonly added: number;
}

/** For neighbouring bytes in turn. */
function adjust(data: Uint8Array, from: number, to: number, lanes: readonly Lane[]): void {
  const { kernels, memory } = load();
  const table = new Int16Array(32);
  for (let lane = 0; lane < 16; lane++) {
    const { weight, added } = lanes[lane % lanes.length]!;
    table[2 * lane] = Math.round(weight * 4_096);
    // The half that makes the shift round.
    table[2 * lane + 1] = Math.round(added * 64) + 32;
  }
  memory.set(new Uint8Array(table.buffer), tables);
  inBands(memory, data, from, to, (count) => kernels.adjust(band, count, tables));
}

/** Calls `work` with the bytes of a band, rounded up to whole vectors and pixels. */
function inBands(memory: Uint8Array, data: Uint8Array, from: number, to: number, work: (count: number) => void): void {
  for (let at = from; at < to; at += bandBytes) {
    const count = Math.min(bandBytes, to - at);
    memory.set(data.subarray(at, at + count), band);
    work(48 * Math.ceil(count / 48));
    data.set(memory.subarray(band, band + count), at);
  }
}

function lumaRange(colorSpace: ColorSpace = 'bt601'): { readonly black: number; readonly range: number } {
  return colorSpace.endsWith('-full') ? { black: 0, range: 255 } : { black: 16, range: 219 };
}

function load() {
  if (engine === undefined) {
    const memory = wasmMemory(band + bandBytes + 16);
    engine = { kernels: wasmExports<ToneExports>(toneWasm, memory), memory: new Uint8Array(memory.buffer) };
  }
  return engine;
}
