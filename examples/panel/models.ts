import { fakeVoiceDetector, type Recognizer, type Synthesizer, type VoiceDetector } from '@sluice/core/voice';
import { type FliteVoice, flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { toneRecognizer, toneVoice } from '@sluice/scenario';

export interface Models {
  readonly detector: VoiceDetector;
  readonly recognizer: Recognizer;
  readonly synthesizer: Synthesizer;
}

/** What is understood with `--spoken`, of people and of each other. */
const sentences = [
  'ada good morning',
  'ada tell us a story',
  'max who was speaking',
  'max your turn please',
  'ada thank you very much',
];

/** Voices that spell with tones and ears that understand them: nothing to misunderstand. `spoken`: words, with all that comes of it. */
export function modelsOf(spoken: boolean, voice: FliteVoice): Models {
  if (spoken) return { detector: fvad(), recognizer: soundswallower({ sentences }), synthesizer: flite({ voice }) };
  return { detector: fakeVoiceDetector(), recognizer: toneRecognizer(), synthesizer: toneVoice() };
}
