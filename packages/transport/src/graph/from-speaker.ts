// Where calls and devices meet graphs: sources and sinks for speakers, microphones, cameras, tracks and
// participants. Nothing of how media is carried.

import { type AudioFrame, checkKeys, noGlitches, pushSource, type Source } from '@sluice/core';
import type { VirtualSpeakerDevice } from '../devices/speaker/virtual-speaker.ts';
import { speakerFrameLength, speakerFrames } from './speaker-frames.ts';

/** Length of the frames of {@link fromSpeaker}. */
export interface FromSpeakerOptions {
  /** Length of a frame in milliseconds, 10 to 1,000. Default 20. */
  readonly frameMs?: number;
}

/**
 * What a virtual speaker hears, in its format: the mix of all remote audio, in real time. While there is nobody to hear
 * it emits nothing; the next frame then says how much is missing (`gap`), and timestamps, which count samples, go on
 * as if it had been there. An event loop that stands still for up to a second loses nothing and leaves no gap. Completes
 * when the device is destroyed. Each subscription hears all of it, whoever else reads.
 *
 * @example
 * ```ts
 * Daily.selectSpeakerDevice(speaker.name);
 * fromSpeaker(speaker).subscribe(toWavFile('heard.wav'));
 * ```
 * @see fromCall for one call only
 */
export function fromSpeaker(speaker: VirtualSpeakerDevice, options: FromSpeakerOptions = {}): Source<AudioFrame> {
  checkKeys<FromSpeakerOptions>('fromSpeaker', options, { frameMs: true });
  const { frameMs = 20 } = options;
  const { sampleRate, channels } = speaker;
  const length = speakerFrameLength(frameMs, sampleRate);
  let reader: VirtualSpeakerDevice | undefined;
  return pushSource<AudioFrame>(
    {
      name: 'fromSpeaker',
      live: true,
      format: { kind: 'audio', sampleRate, channels },
      glitches: () => reader?.glitches ?? noGlitches,
      problems: () => (speaker.active ? [] : [`hears nobody; call Daily.selectSpeakerDevice('${speaker.name}')`]),
    },
    (destination, context) => {
      const own = speaker.openReader();
      reader = own;
      const stop = speakerFrames(own, length, destination, context);
      return () => {
        stop();
        own.close();
      };
    },
  );
}
