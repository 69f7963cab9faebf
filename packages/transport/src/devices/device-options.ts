import { checkChannels, checkKeys, checkSampleRate, invalidArgument, type KeysOf, outOfRange } from '@sluice/core';
import { checkCushion } from '../host/host-options.ts';

/** Format of a virtual device. */
export interface DeviceOptions {
  /** Hz, 8,000 to 192,000. Default 16,000. Rates that the engine does not know are converted. */
  readonly sampleRate?: number;
  /** 1 or 2. Default 1. */
  readonly channels?: number;
  /** Writes and reads return at once and tell their result to the completion. Default false. */
  readonly nonBlocking?: boolean;
}

/** The keys of `DeviceOptions`, for those that extend them. */
export const deviceKeys = {
  sampleRate: true,
  channels: true,
  nonBlocking: true,
} as const satisfies KeysOf<DeviceOptions>;

/** How much a device keeps back, and how far ahead it may be written. */
export interface PlayoutOptions {
  /** The most media that is kept back before playing starts, or starts again after running dry, in milliseconds. Default 60. */
  readonly cushionMs?: number;
  /**
   * What the cushion begins with, 0 to `cushionMs`, in milliseconds: it grows as far as a writer is late, to all of it after an
   * underrun, and is this again after half a minute in time. What is not kept back of a late writer, and was not written ahead by
   * it, is waited for instead, for which receivers make something up. Default 20, or `cushionMs` where that is less; as much as
   * `cushionMs` never changes, and costs the voice of each writer in time so much.
   */
  readonly firstCushionMs?: number;
  /** How far a writer may be ahead of playing before its writes wait, in milliseconds. Default 250. */
  readonly capacityMs?: number;
}

/** The keys of `PlayoutOptions`, for those that extend them. */
export const playoutKeys = {
  cushionMs: true,
  firstCushionMs: true,
  capacityMs: true,
} as const satisfies KeysOf<PlayoutOptions>;

/** Format of a virtual microphone, and how far ahead it may be written. */
export interface MicrophoneDeviceOptions extends DeviceOptions, PlayoutOptions {}

/** A frame of 20 ms, or two of 10. */
const FIRST_CUSHION_MS = 20;
/** The longest lead of a writer in milliseconds. */
const LONGEST_CAPACITY_MS = 60_000;

export function checkDeviceFormat(sampleRate: number, channels: number): void {
  checkSampleRate(sampleRate);
  if (sampleRate < 8_000 || sampleRate > 192_000) throw outOfRange('sampleRate', '8000 to 192000 Hz', sampleRate);
  checkChannels(channels);
  if (channels > 2) throw outOfRange('channels', '1 or 2', channels);
}

/** The options with their defaults. */
export function playoutOptions(options: PlayoutOptions): {
  readonly cushionMs: number;
  readonly firstCushionMs: number;
  readonly capacityMs: number;
} {
  const { cushionMs = 60, capacityMs = 250 } = options;
  checkCushion(cushionMs);
  const { firstCushionMs = Math.min(cushionMs, FIRST_CUSHION_MS) } = options;
  if (typeof firstCushionMs !== 'number' || Number.isNaN(firstCushionMs))
    throw invalidArgument('firstCushionMs', 'a number of milliseconds', firstCushionMs);
  if (firstCushionMs < 0 || firstCushionMs > cushionMs)
    throw outOfRange('firstCushionMs', `0 to cushionMs, ${cushionMs} ms`, firstCushionMs);
  if (typeof capacityMs !== 'number' || Number.isNaN(capacityMs))
    throw invalidArgument('capacityMs', 'a number of milliseconds', capacityMs);
  if (capacityMs < 10 || capacityMs > LONGEST_CAPACITY_MS)
    throw outOfRange('capacityMs', `10 to ${LONGEST_CAPACITY_MS} ms`, capacityMs);
  return { cushionMs, firstCushionMs, capacityMs };
}

/** The fade of a `clear` or a `pause`, in milliseconds. Default 5. */
export function fadeOption(call: string, options: { readonly fadeMs?: number } | undefined): number {
  checkKeys<{ fadeMs?: number }>(call, options ?? {}, { fadeMs: true });
  const fadeMs = options?.fadeMs ?? 5;
  if (typeof fadeMs !== 'number' || Number.isNaN(fadeMs))
    throw invalidArgument('fadeMs', 'a number of milliseconds', fadeMs);
  if (fadeMs < 0 || fadeMs > 1_000) throw outOfRange('fadeMs', '0 to 1000 ms', fadeMs);
  return fadeMs;
}
