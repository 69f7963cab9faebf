import { seededRandom } from '@sluice/core/testing';
import { dtmfColumns, dtmfKeys, dtmfRows } from '../src/kernels/audio/dtmf-tones.ts';

/** The keys of a telephone. */
export const allKeys = dtmfKeys;

export interface DtmfSignalOptions {
  readonly sampleRate: number;
  /** Milliseconds of each tone, and of the silence before and after it. */
  readonly toneMs: number;
  readonly pauseMs?: number;
  /** How far off the row's and the column's frequency are: 0.015 is 1.5 % too high. */
  readonly offset?: readonly [row: number, column: number];
  /** Column over row, in dB. */
  readonly twistDb?: number;
  /** White noise below the tones, in dB. Default: none. */
  readonly snrDb?: number;
}

/** Digits made in another way than `fromDtmf` makes them: hard edges, tones that are off, noise. */
export function dtmfSignal(digits: string, options: DtmfSignalOptions): Int16Array {
  const { sampleRate, toneMs, pauseMs = 60, offset = [0, 0], twistDb = 0, snrDb = Number.POSITIVE_INFINITY } = options;
  const tone = Math.round((sampleRate * toneMs) / 1_000);
  const pause = Math.round((sampleRate * pauseMs) / 1_000);
  const ratio = 10 ** (twistDb / 20);
  const row = 12_000 / (1 + ratio);
  const column = 12_000 - row;
  const noise = Math.sqrt((row ** 2 + column ** 2) / 2) * 10 ** (-snrDb / 20);
  const random = seededRandom(7);
  const signal = new Int16Array(digits.length * (tone + pause) + pause);
  for (let index = 0; index < signal.length; index++) {
    const at = (index - pause) % (tone + pause);
    const key = index < pause ? -1 : dtmfKeys.indexOf(digits[Math.floor((index - pause) / (tone + pause))] ?? '-');
    let value = noise * Math.sqrt(12) * (random() - 0.5);
    if (key >= 0 && at < tone) {
      const cycles = (2 * Math.PI * at) / sampleRate;
      value += row * Math.sin(cycles * dtmfRows[key >> 2]! * (1 + offset[0]) + 1);
      value += column * Math.sin(cycles * dtmfColumns[key & 3]! * (1 + offset[1]));
    }
    signal[index] = Math.round(value);
  }
  return signal;
}
