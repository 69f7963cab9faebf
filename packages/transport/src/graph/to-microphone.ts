import type { PlayoutSink } from '@sluice/core';
import type { VirtualMicrophoneDevice } from '../devices/audio/virtual-microphone.ts';
import { deviceSink } from './device-sink.ts';

/**
 * Speaks a stream into a virtual microphone. It takes the device's format; a graph inserts what converts. The stream is
 * held back as long as more than the device's capacity (250 ms) waits to be played; outside a graph the device queues up
 * to a minute. An interruption clears the device with its fade and counts what was dropped. `finished` resolves when the
 * last sample has left the device. The first media waits until somebody can hear it, at most 10 s. It tells its playout
 * position, so that it can lead a sync group. Adds the device's cushion (60 ms) of latency at most.
 *
 * @example
 * ```ts
 * const bot = graph('bot');
 * bot.from(fromWavFile('greeting.wav')).to(toMicrophone(microphone));
 * await bot.run();
 * ```
 * @see syncGroup of `@sluice/core` for pictures that go with it
 */
export function toMicrophone(microphone: VirtualMicrophoneDevice): PlayoutSink {
  return deviceSink('toMicrophone', microphone);
}
