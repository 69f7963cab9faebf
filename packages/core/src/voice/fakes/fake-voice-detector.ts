import { defineVoiceModel } from '../define-voice-model.ts';
import { SpeechSwitch } from '../speech-switch.ts';
import type { VoiceDetector } from '../voice-detector.ts';
import { Loudness } from './loudness.ts';

export interface FakeVoiceDetectorOptions {
  /** Mean level of 10 ms above which there is speech, in dBFS. Default -45. */
  readonly thresholdDb?: number;
  /** Silence after which speech is over, in milliseconds. Default 50. */
  readonly hangMs?: number;
}

/** A detector that takes whatever is loud for speech, 10 ms late. For tests: noise and hum are loud as well. */
export function fakeVoiceDetector(options: FakeVoiceDetectorOptions = {}): VoiceDetector<object> {
  const { thresholdDb = -45, hangMs = 50 } = options;
  return defineVoiceModel({
    kind: 'voice-detector',
    name: 'fake-voice-detector',
    accepts: { sampleRates: [16_000, 8_000, 32_000, 48_000], channels: [1] },
    latencyMs: { speech: 10, silence: hangMs },
    settings: {},
    start: ({ emit }) => {
      const loudness = new Loudness(thresholdDb);
      const speech = new SpeechSwitch(emit);
      const bounds = { minSpeechMs: 0, minSilenceMs: hangMs };
      return {
        write: (frame) => loudness.read(frame, (loud, from, to) => speech.take(loud, from, to, bounds)),
      };
    },
  });
}
