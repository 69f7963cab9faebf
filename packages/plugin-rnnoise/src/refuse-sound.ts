import type { AudioFrame } from '@sluice/core';
import { voiceError } from '@sluice/core/voice';

/** The rate that RNNoise was trained for, in hertz. */
export const sampleRate = 48_000;

/** Throws for what RNNoise does not take, with the operator that makes it so. */
export function refuseSound(frame: AudioFrame): void {
  const { kind } = frame;
  if (kind === 'audio' && frame.sampleRate === sampleRate) return;
  throw voiceError('it does not take this', {
    model: 'rnnoise',
    category: 'give-up',
    expected: `audio at ${sampleRate} Hz`,
    received: kind === 'audio' ? `audio at ${frame.sampleRate} Hz` : `a frame of kind ${kind}`,
    fix: `Put resample({ sampleRate: ${sampleRate} }) before it`,
  });
}
