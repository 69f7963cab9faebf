import { scenario, toneRecognizer } from '@sluice/scenario';
import { toneAgent } from './tone-agent.ts';

/** Runs in virtual time and over a real call. */
export const first = scenario(
  'answers, and stops when it is told to',
  { agent: toneAgent, ear: toneRecognizer(), budgets: { silentWords: 0, problems: 0 }, limitMs: 30_000 },
  async (talk) => {
    await talk.say('hello');
    await talk.expectHeard(/what can i do/i);
    await talk.wait(300);
    await talk.say('count');
    await talk.bargeInAt({ afterMs: 800 }, 'stop');
    // Over a call jitter buffers make it 150 ms, and a busy machine may take its time.
    await talk.expectSilenceWithin(talk.mode === 'virtual' ? 120 : 500);
    await talk.expectHeard('okay');
    await talk.expectListening();
  },
);
