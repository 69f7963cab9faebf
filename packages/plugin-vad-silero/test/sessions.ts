import { AudioFrame, micros, samplesToMicros } from '@sluice/core';
import type { VoiceDetectorEvent, VoiceDetectorSession } from '@sluice/core/voice';
import type { SileroSettings } from '@sluice/plugin-vad-silero';

export const rate = 16_000;

export type Session = VoiceDetectorSession<SileroSettings>;

/** Writes samples in pieces, and waits where it is asked to. */
export async function write(session: Session, samples: Int16Array, { size = 320, at = 0 } = {}): Promise<void> {
  for (let from = 0; from < samples.length; from += size) {
    const timestamp = micros(at + samplesToMicros(from, rate));
    const piece = samples.subarray(from, from + size);
    const frame = new AudioFrame({ samples: piece, sampleRate: rate, channels: 1, timestamp });
    await session.write(frame);
    frame.close();
  }
}

/** Reads all events of what was written, and closes. */
export async function told(session: Session): Promise<VoiceDetectorEvent[]> {
  await session.flush();
  await session.close();
  const events: VoiceDetectorEvent[] = [];
  for await (const event of session) events.push(event);
  return events;
}

export const types = (events: readonly VoiceDetectorEvent[]) => events.map(({ type }) => type);
