import { type ActorContext, AudioFrame, type Cancel, invalidArgument, outOfRange, toError } from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { LiveTimeline } from '../devices/speaker/live-timeline.ts';
import { LONGEST_ABSENCE_MS, type VirtualSpeakerDevice } from '../devices/speaker/virtual-speaker.ts';

/** Samples per channel of frames that a speaker's reader gets. */
export function speakerFrameLength(frameMs: number, sampleRate: number): number {
  if (typeof frameMs !== 'number' || Number.isNaN(frameMs)) throw invalidArgument('frameMs', 'milliseconds', frameMs);
  if (frameMs < 10 || frameMs > 1_000) throw outOfRange('frameMs', '10 to 1000 ms', frameMs);
  return Math.round((sampleRate * frameMs) / 1000);
}

/**
 * Reads a speaker in frames of `length` samples per channel until it is closed: in real time, nothing while there is nobody
 * to hear, and after that a frame that says how much is missing.
 */
export function speakerFrames(
  speaker: VirtualSpeakerDevice,
  length: number,
  destination: Subscriber<AudioFrame>,
  { clock }: ActorContext,
): Cancel {
  const { sampleRate, channels } = speaker;
  const timeline = new LiveTimeline(clock, sampleRate);
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
}

/** Samples of one read; none when there is nobody to hear. */
function read(speaker: VirtualSpeakerDevice, length: number): Promise<Int16Array> {
  return new Promise((resolve, reject) => {
    const take = (bytes: Buffer) => resolve(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2));
    speaker.readFrames(length, take).catch(reject);
  });
}
