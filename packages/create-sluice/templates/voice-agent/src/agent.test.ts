import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeVoiceDetector } from '@sluice/core/voice';
import { runScenario, scenario, toneRecognizer, toneVoice } from '@sluice/scenario';
import { agent } from './agent.ts';

// A person and the agent talk in virtual time, in letters of tones: what is not heard is not understood.
const talk = scenario(
  'answers, and stops when it is told to',
  {
    agent: ({ graph, hears, speaks, onEvent }) =>
      agent(graph, {
        ...{ hears, speaks, onEvent },
        detector: fakeVoiceDetector(),
        recognizer: toneRecognizer(),
        synthesizer: toneVoice({ firstByteMs: 80 }),
      }),
    ear: toneRecognizer(),
    budgets: { voiceToVoiceMs: { p95: 900 }, timeToSilenceMs: 120, glitches: 0 },
    limitMs: 30_000,
  },
  async (person) => {
    await person.say('hello');
    await person.expectHeard(/what can i do/i);
    await person.wait(300);
    await person.say('count for me');
    await person.bargeInAt({ afterMs: 800 }, 'stop');
    await person.expectSilenceWithin(120);
    await person.expectHeard('okay');
  },
);

test('answers, and stops when it is told to', async () => {
  const { error } = await runScenario(talk);
  assert.equal(error, undefined);
});
