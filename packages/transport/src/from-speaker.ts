import {
  AudioFrame,
  type Clock,
  type Gap,
  invalidArgument,
  millisToMicros,
  outOfRange,
  pushSource,
  type Source,
  samplesToMicros,
  toError,
} from '@sluice/core';
import type { VirtualSpeakerDevice } from './devices/virtual-speaker.ts';

export interface FromSpeakerOptions {
  /** Length of a frame in milliseconds, 10 to 1,000. Default 20. */
  readonly frameMs?: number;
}

/**
 * What a virtual speaker hears, in its format: the mix of all remote audio, in real time. While there is nobody to hear
 * it emits nothing; the next frame then says how much is missing (`gap`), and timestamps, which count samples, go on
 * as if it had been there. Completes when the device is destroyed. The device serves one reader.
 *
 * @example
 * ```ts
 * Daily.selectSpeakerDevice(speaker.name);
 * fromSpeaker(speaker).subscribe(toWavFile('heard.wav'));
 * ```
 */
export function fromSpeaker(speaker: VirtualSpeakerDevice, options: FromSpeakerOptions = {}): Source<AudioFrame> {
  const { frameMs = 20 } = options;
  if (typeof frameMs !== 'number' || Number.isNaN(frameMs)) throw invalidArgument('frameMs', 'milliseconds', frameMs);
  if (frameMs < 10 || frameMs > 1_000) throw outOfRange('frameMs', '10 to 1000 ms', frameMs);
  const { sampleRate, channels } = speaker;
  const length = Math.round((sampleRate * frameMs) / 1000);

  return pushSource<AudioFrame>(
    { name: 'fromSpeaker', live: true, format: { kind: 'audio', sampleRate, channels } },
    (destination, context) => {
      const timeline = new Timeline(context.clock, sampleRate);
      let stopped = false;
      const listen = async () => {
        while (!stopped) {
          const samples = await read(speaker, length);
          if (stopped || speaker.closed) break;
          if (samples.length === 0) continue;
          const { timestamp, gap } = timeline.place(samples.length / channels);
          destination.next(new AudioFrame({ samples, sampleRate, channels, timestamp, gap }));
        }
        if (!stopped) destination.complete();
      };
      listen().catch((error: unknown) => {
        if (stopped) return;
        if (speaker.closed) destination.complete();
        else destination.error(toError(error));
      });
      return () => {
        stopped = true;
      };
    },
  );
}

/** Samples of one read; none when there is nobody to hear. */
function read(speaker: VirtualSpeakerDevice, length: number): Promise<Int16Array> {
  return new Promise((resolve, reject) => {
    const take = (bytes: Buffer) => resolve(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2));
    speaker.readFrames(length, take).catch(reject);
  });
}

/** Where frames belong: one after the other by samples, with gaps where the clock went on and nothing was read. */
class Timeline {
  readonly #clock: Clock;
  readonly #sampleRate: number;
  #position = 0;
  #lastEnd: number | undefined;

  constructor(clock: Clock, sampleRate: number) {
    this.#clock = clock;
    this.#sampleRate = sampleRate;
  }

  place(length: number): { timestamp: ReturnType<typeof samplesToMicros>; gap: Gap | undefined } {
    const now = this.#clock.now();
    const lengthMs = (length * 1000) / this.#sampleRate;
    const missing = this.#lastEnd === undefined ? 0 : now - lengthMs - this.#lastEnd;
    // A read that is merely late is no gap: only an absence of voices lasts longer than a frame.
    const isGap = missing > Math.max(lengthMs, 20);
    const missed = isGap ? Math.round((missing * this.#sampleRate) / 1000) : 0;
    this.#lastEnd = isGap || this.#lastEnd === undefined ? now : this.#lastEnd + lengthMs;
    const timestamp = samplesToMicros(this.#position + missed, this.#sampleRate);
    this.#position += missed + length;
    return { timestamp, gap: isGap ? { duration: millisToMicros(missing), reason: 'disconnected' } : undefined };
  }
}
