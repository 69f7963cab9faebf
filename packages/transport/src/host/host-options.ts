import { invalidArgument, outOfRange } from '@sluice/core';
import type { HostAudioSourceOptions } from './media-host.ts';

/** Rates that the engine takes, in Hz. */
export const engineSampleRates = [8_000, 16_000, 24_000, 44_100, 48_000] as const;

/** The longest cushion in milliseconds. */
const LONGEST_CUSHION_MS = 5_000;

export function checkAudioSourceOptions(options: HostAudioSourceOptions): void {
  const { sampleRate, channels, cushionMs, firstCushionMs = cushionMs } = options;
  if (!(engineSampleRates as readonly number[]).includes(sampleRate))
    throw outOfRange('sampleRate', `one of ${engineSampleRates.join(', ')} Hz`, sampleRate);
  if (channels !== 1 && channels !== 2) throw outOfRange('channels', '1 or 2', channels);
  checkCushion(cushionMs);
  if (!(firstCushionMs >= 0 && firstCushionMs <= cushionMs))
    throw outOfRange('firstCushionMs', `0 to cushionMs, ${cushionMs} ms`, firstCushionMs);
}

export function checkCushion(cushionMs: number): void {
  if (typeof cushionMs !== 'number' || Number.isNaN(cushionMs))
    throw invalidArgument('cushionMs', 'a number of milliseconds', cushionMs);
  if (cushionMs < 0 || cushionMs > LONGEST_CUSHION_MS)
    throw outOfRange('cushionMs', `0 to ${LONGEST_CUSHION_MS} ms`, cushionMs);
}
