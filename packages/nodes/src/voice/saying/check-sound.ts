import { checkChannels, checkSampleRate, toError } from '@sluice/core';
import { type SynthesizerEvent, voiceError } from '@sluice/core/voice';

/**
 * Throws for sound that is none, before it is counted: of a position that is no number nobody could tell anything any more.
 *
 * @throws VoiceError of category `fall-back`
 */
export function checkSound(event: SynthesizerEvent & { readonly type: 'audio' }, model: string): void {
  const { samples, sampleRate, channels } = event;
  try {
    checkSampleRate(sampleRate);
    checkChannels(channels);
  } catch (cause) {
    const fix = toError(cause).message;
    throw voiceError('it told sound without a format', { model, category: 'fall-back', cause, fix });
  }
  if (samples instanceof Int16Array && samples.length % channels === 0) return;
  throw voiceError('it told sound of another form', {
    model,
    category: 'fall-back',
    expected: `an Int16Array of whole frames of ${channels} channel(s)`,
    received: `${Object.prototype.toString.call(samples).slice(8, -1)} of ${(samples as { length?: number })?.length}`,
    fix: 'Convert it in the synthesizer: clamp, do not cast',
  });
}
