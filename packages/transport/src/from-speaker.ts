import { AudioFrame, checkKeys, invalidArgument, outOfRange, pushSource, type Source, toError } from '@sluice/core';
import { LiveTimeline } from './devices/live-timeline.ts';
import { LONGEST_ABSENCE_MS, type VirtualSpeakerDevice } from './devices/virtual-speaker.ts';

export interface FromSpeakerOptions {
  /** Length of a frame in milliseconds, 10 to 1,000. Default 20. */
  readonly frameMs?: number;
}

/**
 * What a virtual speaker hears, in its format: the mix of all remote audio, in real time. While there is nobody to hear
 * it emits nothing; the next frame then says how much is missing (`gap`), and timestamps, which count samples, go on
 * as if it had been there. An event loop that stands still for up to a second loses nothing and leaves no gap. Completes when the device is destroyed. The device serves one reader.
 *
 * @example
 * ```ts
 * Daily.selectSpeakerDevice(speaker.name);
 * fromSpeaker(speaker).subscribe(toWavFile('heard.wav'));
 * ```
 */
export function fromSpeaker(speaker: VirtualSpeakerDevice, options: FromSpeakerOptions = {}): Source<AudioFrame> {
  checkKeys<FromSpeakerOptions>('fromSpeaker', options, { frameMs: true });
  const { frameMs = 20 } = options;
  if (typeof frameMs !== 'number' || Number.isNaN(frameMs)) throw invalidArgument('frameMs', 'milliseconds', frameMs);
  if (frameMs < 10 || frameMs > 1_000) throw outOfRange('frameMs', '10 to 1000 ms', frameMs);
  const { sampleRate, channels } = speaker;
  const length = Math.round((sampleRate * frameMs) / 1000);

  return pushSource<AudioFrame>(
    { name: 'fromSpeaker', live: true, format: { kind: 'audio', sampleRate, channels } },
    (destination, context) => {
      const timeline = new LiveTimeline(context.clock, sampleRate);
      let stopped = false;
      const listen = async () => {
        while (!stopped) {
          const samples = await read(speaker, length);
          if (stopped || speaker.closed) break;
          // Nobody is there, or the device has given up what was said while this process stood still.
          if (samples.length === 0 || timeline.lateMs(length) > LONGEST_ABSENCE_MS) timeline.absent();
          if (samples.length === 0) continue;
          const { timestamp, gap } = timeline.place(length);
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
