import type { AudioFrame } from '@sluice/core';
import { type Accepts, voiceError } from '@sluice/core/voice';
import { sampleRate } from './window-cutter.ts';

/** What sherpa's Silero hears. */
export const accepts: Accepts = { sampleRates: [sampleRate], channels: [1] };

/** Throws for what it does not hear, with the operators that make it so. */
export function refuseSound(frame: AudioFrame): void {
  const { kind, channels } = frame;
  if (kind === 'audio' && channels === 1 && frame.sampleRate === sampleRate) return;
  throw voiceError('it does not hear this', {
    model: 'silero',
    category: 'give-up',
    expected: `audio of one channel at ${sampleRate} Hz`,
    received: kind === 'audio' ? `${frame.sampleRate} Hz, ${channels} channels` : `a frame of kind ${kind}`,
    fix: `Put remix({ channels: 1 }) and resample({ sampleRate: ${sampleRate} }) before it`,
  });
}
