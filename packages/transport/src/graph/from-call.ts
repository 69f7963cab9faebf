import { type AudioFrame, checkKeys, noGlitches, pushSource, type Source } from '@sluice/core';
import type { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import { checkDeviceFormat } from '../devices/device-options.ts';
import { VirtualSpeakerDevice } from '../devices/speaker/virtual-speaker.ts';
import { silencesOf } from './silences-of.ts';
import { speakerFrameLength, speakerFrames } from './speaker-frames.ts';

/** Format of the sound of {@link fromCall}. */
export interface FromCallOptions {
  /** Hz, 8,000 to 192,000. Default 48,000. */
  readonly sampleRate?: number;
  /** 1 or 2. Default 1. */
  readonly channels?: number;
  /** Length of a frame in milliseconds, 10 to 1,000. Default 20. */
  readonly frameMs?: number;
}

/**
 * What one client hears: the mix of all remote audio that it is subscribed to, custom tracks and screen audio included, in
 * real time, kept within full scale by a soft limiter. Unlike a speaker it hears one call only, whichever speaker is
 * selected, and any number of clients and readers may listen beside each other: each has a copy of its own.
 *
 * May be subscribed to before `join`. While there is nobody to hear, and between a `leave` and the next `join`, it emits
 * nothing; the next frame then says how much is missing (`gap`), and timestamps, which count samples from the first frame,
 * go on as if it had been there. An event loop that stands still for up to a second loses nothing. Completes at
 * `release()`; fails with `SLUICE_CALL_RELEASED` after it. Adds about 20 ms of latency beyond the frame's length.
 *
 * @example
 * ```ts
 * const client = new CallClient();
 * fromCall(client).subscribe(toWavFile('call.wav'));
 * await client.join(url);
 * ```
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 * @see fromParticipantAudio for one track, fromSpeaker for all calls of the process
 */
export function fromCall(client: CallClient, options: FromCallOptions = {}): Source<AudioFrame> {
  checkKeys<FromCallOptions>('fromCall', options, { sampleRate: true, channels: true, frameMs: true });
  const { sampleRate = 48_000, channels = 1, frameMs = 20 } = options;
  checkDeviceFormat(sampleRate, channels);
  const length = speakerFrameLength(frameMs, sampleRate);
  const format = { kind: 'audio', sampleRate, channels } as const;
  let reader: VirtualSpeakerDevice | undefined;
  const glitches = () => reader?.glitches ?? noGlitches;
  const problems = () => silencesOf(client).map(({ problem }) => problem);
  return pushSource<AudioFrame>(
    { name: 'fromCall', live: true, format, glitches, problems },
    (destination, context) => {
      const { listeners } = client[RENDERERS];
      const { clock } = context;
      const own = new VirtualSpeakerDevice({ name: 'fromCall', sampleRate, channels, nonBlocking: false, clock });
      reader = own;
      const remove = listeners.add(own);
      const stop = speakerFrames(own, length, destination, context);
      return () => {
        stop();
        remove();
      };
    },
  );
}
