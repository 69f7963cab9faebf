import { type AlphaPlace, type ByteRows, copyRows, wasmExports, wasmMemory, wasmScratch } from '@sluice/core/kernels';
import { blendWasm } from '../blend-wasm.generated.ts';

/** What is laid over: a colour for each byte, and how opaque each is, or all of them alike. */
export interface BlendSource extends ByteRows {
  /** 0 to 255, laid out as the colours are. Absent where all is opaque. */
  readonly alpha?: Uint8Array;
  /** Of pixels that have their alpha in themselves, as those have that they are laid over. */
  readonly alphaPlace?: AlphaPlace | undefined;
}

/** What assembly/blend.ts exports; addresses and counts are bytes. */
interface BlendExports {
  blend(below: number, color: number, alpha: number, count: number, opacity: number): void;
  fade(below: number, color: number, count: number, opacity: number): void;
  over(below: number, color: number, count: number, opacity: number, alphaFirst: number): void;
}

/** Room for each of the three operands: more than the longest row of the largest picture. */
const bandBytes = 1 << 17;
const below = wasmScratch;
const color = below + bandBytes;
const alpha = color + bandBytes;

interface Engine {
  readonly kernels: BlendExports;
  readonly memory: Uint8Array;
}

let engine: Engine | undefined;

/**
 * Lays `over` on `under`, in place: each byte becomes `round((color * a + byte * (255 - a)) / 255)`, where `a` is
 * `round(alpha * opacity / 255)`. Rows are at most 131,072 bytes wide.
 *
 * With `alphaPlace` both have pixels of four bytes, not premultiplied, and `over` is composited (Porter and Duff): with
 * `u` the alpha beneath, the alpha becomes `a + u * (255 - a) / 255` and each colour the mean of the two, weighted by what
 * each has of that alpha. Over what is opaque that is the same as above.
 *
 * @param width bytes of a row
 * @param opacity of all that is laid over, a whole number from 0 to 255
 */
export function blend(under: ByteRows, over: BlendSource, width: number, rows: number, opacity: number): void {
  if (opacity === 0 || width <= 0 || rows <= 0) return;
  if (opacity === 255 && over.alpha === undefined && over.alphaPlace === undefined) {
    copyRows(over, under, width, rows);
    return;
  }
  engine ??= load();
  const { kernels, memory } = engine;
  const most = Math.floor(bandBytes / width);
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    // Whatever lies behind the last byte is computed too, and not read back.
    const bytes = (count * width + 15) & ~15;
    pack(memory, below, under, under.data, row, width, count);
    pack(memory, color, over, over.data, row, width, count);
    if (over.alphaPlace !== undefined) kernels.over(below, color, bytes, opacity, over.alphaPlace === 0 ? 1 : 0);
    else if (over.alpha === undefined) kernels.fade(below, color, bytes, opacity);
    else {
      pack(memory, alpha, over, over.alpha, row, width, count);
      kernels.blend(below, color, alpha, bytes, opacity);
    }
    copyRows({ data: memory, at: below, stride: width }, { ...under, at: under.at + row * under.stride }, width, count);
  }
}

function pack(
  memory: Uint8Array,
  address: number,
  { at, stride }: ByteRows,
  data: Uint8Array,
  row: number,
  width: number,
  count: number,
): void {
  copyRows({ data, at: at + row * stride, stride }, { data: memory, at: address, stride: width }, width, count);
}

function load(): Engine {
  const memory = wasmMemory(alpha + bandBytes);
  return { kernels: wasmExports<BlendExports>(blendWasm, memory), memory: new Uint8Array(memory.buffer) };
}
