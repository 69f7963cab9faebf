import { checklist } from '@sluice/core/testing';
import { silero } from '@sluice/plugin-vad-silero';
import { describe } from 'vitest';
import { speakByEspeak, withEspeak } from '../../../test/speak-by-espeak.ts';
import { rate } from './sessions.ts';

/** A sentence with a second of silence before and after it; made when it is first wanted. */
let sound: { readonly samples: Int16Array; readonly sampleRate: number } | undefined;
function sentence() {
  if (sound !== undefined) return sound;
  const spoken = speakByEspeak('I would like to order a large coffee with milk.', 16_000);
  const samples = new Int16Array(spoken.length + 2 * rate);
  samples.set(spoken, rate);
  sound = { samples, sampleRate: rate };
  return sound;
}

describe('silero', () =>
  checklist(withEspeak, () => silero(), {
    kind: 'voice-detector',
    profile: {
      get sound() {
        return sentence();
      },
    },
  }));
