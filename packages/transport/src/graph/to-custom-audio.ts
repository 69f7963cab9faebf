import type { PlayoutSink } from '@sluice/core';
import type { CustomAudioSource } from '../devices/custom/custom-audio-source.ts';
import { deviceSink } from './device-sink.ts';

/**
 * Plays a stream on a custom audio source, and so on its tracks. Behaves like `toMicrophone`.
 *
 * @example
 * ```ts
 * const source = new CustomAudioSource(48_000, 1);
 * await client.addCustomAudioTrack('music', new CustomAudioTrack(source));
 * fromTone({ frequency: 440, duration: 2_000, live: true }).subscribe(toCustomAudio(source));
 * ```
 *
 * @see toMicrophone
 */
export function toCustomAudio(source: CustomAudioSource): PlayoutSink {
  return deviceSink('toCustomAudio', source);
}
