import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeVoiceDetector } from '@sluice/core/voice';
import { type Budgets, runScenario, scenario, type Talk, toneRecognizer, toneVoice } from '@sluice/scenario';
import { agent } from './agent.ts';
import { greeting } from './answers.ts';

/** A person and the agent talk in virtual time, in letters of tones: what is not heard is not understood. */
function talk(name: string, budgets: Budgets, person: (person: Talk) => Promise<void>, greets = false) {
  test(name, async () => {
    const { error } = await runScenario(
      scenario(
        name,
        {
          agent: ({ graph, hears, speaks, onEvent }) => {
            const running = agent(graph, {
              ...{ hears, speaks, onEvent },
              detector: fakeVoiceDetector(),
              recognizer: toneRecognizer(),
              synthesizer: toneVoice({ firstByteMs: 80 }),
            });
            if (greets) void running.say(greeting);
            return running;
          },
          ear: toneRecognizer(),
          budgets: { ...budgets, glitches: 0 },
          limitMs: 30_000,
        },
        person,
      ),
    );
    assert.equal(error, undefined);
  });
}

talk(
  'greets, and answers',
  { voiceToVoiceMs: { p95: 900 } },
  async (person) => {
    await person.expectHeard(/hello/i);
    await person.say('who are you');
    await person.expectHeard(/i am an agent/i);
  },
  true,
);

talk('stops when it is told to', { timeToSilenceMs: 120 }, async (person) => {
  await person.say('count for me');
  await person.bargeInAt({ afterMs: 800 }, 'stop');
  await person.expectSilenceWithin(120);
  await person.expectHeard('okay');
});

talk('says what it understands to who says something else', { voiceToVoiceMs: { p95: 900 } }, async (person) => {
  await person.say('what is the time');
  await person.expectHeard(/i understand/i);
});
