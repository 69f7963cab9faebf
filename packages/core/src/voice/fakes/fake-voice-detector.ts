import { micros } from '../../time/units.ts';
import { defineVoiceModel } from '../define-voice-model.ts';
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
      let speaking = false;
      let quietSince: number | undefined;
      return {
        write(frame) {
          loudness.read(frame, (loud, from, to) => {
            if (loud) quietSince = undefined;
            else quietSince ??= from;
            if (loud && !speaking) {
              speaking = true;
              emit({ type: 'speech', at: micros(from), toldAt: micros(to) });
            } else if (speaking && quietSince !== undefined && to - quietSince >= hangMs * 1_000) {
              speaking = false;
              emit({ type: 'silence', at: micros(quietSince), toldAt: micros(to) });
            }
          });
        },
      };
    },
  });
}
