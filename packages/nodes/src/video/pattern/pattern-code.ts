import { type ExactFrameRate, exactFrameRate } from '../../options/exact-frame-rate.ts';

/** Frame numbers in the code start again after this many: 155 hours at 30 frames per second. */
export const frameNumberLimit = 2 ** 24;
export const codeBits = 48;

/** Rates that the code can name, by position; the reader tells the time of a frame from them. Only ever add at the end. */
const namedRates: readonly ExactFrameRate[] = [
  30, 29.97, 25, 24, 23.976, 60, 59.94, 50, 48, 15, 12.5, 10, 20, 12, 5, 1, 2, 3, 4, 6, 8, 7.5, 18, 90, 100, 120,
  119.88, 40, 16,
].map((rate) => exactFrameRate(rate));

export interface PatternCode {
  /** 0 to 2^24 - 1. */
  readonly frameNumber: number;
  /** Undefined if it is none of those that have a name. */
  readonly rate: ExactFrameRate | undefined;
}

/** 48 bits, most significant first: frame number (24), name of the rate (8, 0 for none), CRC-16 of both. */
export function encodePatternCode({ frameNumber, rate }: PatternCode): boolean[] {
  const name = namedRates.findIndex((named) => sameRate(named, rate)) + 1;
  const number = frameNumber % frameNumberLimit;
  const bytes = [number >>> 16, (number >>> 8) & 0xff, number & 0xff, name];
  const check = crc16(bytes);
  return [...bytes, check >>> 8, check & 0xff].flatMap((byte) =>
    Array.from({ length: 8 }, (_, bit) => ((byte >> (7 - bit)) & 1) === 1),
  );
}

/** Undefined unless the check fits. */
export function decodePatternCode(bits: readonly boolean[]): PatternCode | undefined {
  const bytes = Array.from({ length: codeBits / 8 }, (_, index) =>
    bits.slice(8 * index, 8 * index + 8).reduce((byte, bit) => 2 * byte + Number(bit), 0),
  );
  const [high, middle, low, name, checkHigh, checkLow] = bytes as [number, number, number, number, number, number];
  if (crc16([high, middle, low, name]) !== 256 * checkHigh + checkLow) return undefined;
  return { frameNumber: 65_536 * high + 256 * middle + low, rate: namedRates[name - 1] };
}

/** CRC-16/IBM-3740, also called CCITT-FALSE: polynomial 0x1021, start 0xffff. Finds up to three wrong bits. */
function crc16(bytes: readonly number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

function sameRate(a: ExactFrameRate, b: ExactFrameRate | undefined): boolean {
  return a.numerator === b?.numerator && a.denominator === b.denominator;
}
