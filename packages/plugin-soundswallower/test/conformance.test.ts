import { checklist } from '@sluice/core/testing';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { describe, it } from 'vitest';
import { RATE, say } from '../../../test/speech/speech.ts';

const sound = { samples: say('who are you'), sampleRate: RATE };

describe('soundswallower', () =>
  checklist(it, () => soundswallower({ sentences: ['who are you', 'stop'] }), {
    kind: 'recognizer',
    profile: { sound },
  }));
