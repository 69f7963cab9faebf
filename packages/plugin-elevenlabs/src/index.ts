// Models of ElevenLabs: speech with the time of each word, recognition.

export type { ElevenLabsOptions } from './access/eleven-labs-options.ts';
export {
  type ElevenLabsRecognizerOptions,
  type ElevenLabsRecognizerSettings,
  elevenLabsRecognizer,
} from './recognizer/eleven-labs-recognizer.ts';
export {
  type ElevenLabsSpeechOptions,
  type ElevenLabsSpeechSettings,
  elevenLabsSpeech,
} from './speech/eleven-labs-speech.ts';
