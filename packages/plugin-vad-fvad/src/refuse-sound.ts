import type { AudioFrame } from '@sluice/core';
import { type Accepts, voiceError } from '@sluice/core/voice';

/** What libfvad hears. */
export const accepts: Accepts = { sampleRates: [16_000, 8_000, 32_000, 48_000], channels: [1] };

/** Throws for what libfvad does not hear, with the operators that make it so. */
export function refuseSound(frame: AudioFrame): void {
  const { kind, sampleRate, channels } = frame;
  if (kind === 'audio' && channels === 1 && accepts.sampleRates.includes(sampleRate)) return;
  const received = kind === 'audio' ? `${sampleRate} Hz, ${channels} channels` : `a frame of kind ${kind}`;
  throw voiceError('it does not hear this', {
    model: 'fvad',
    category: 'give-up',
    expected: `audio of one channel at ${accepts.sampleRates.join(', ')} Hz`,
    received,
    fix: 'Put remix({ channels: 1 }) and resample({ sampleRate: 16000 }) before it',
  });
}
