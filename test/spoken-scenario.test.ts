import { fakeLanguageModel } from '@sluice/core/voice';
import { silence, sustained, voiceAgent } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { type MakeAgent, runScenario, scenario } from '@sluice/scenario';
import { expect, it } from 'vitest';

const replies: Readonly<Record<string, string>> = {
  'good morning': 'Good morning to you.',
  'what is the weather in oslo': 'In Oslo it is cold and it rains.',
  'set a timer for ten minutes': 'The timer is set.',
};

/** Real models all along: nothing is stated but what the language model answers. */
const spoken: MakeAgent = ({ graph, hears, speaks, onEvent }) =>
  voiceAgent(graph, {
    hears,
    speaks,
    onEvent,
    detector: fvad(),
    recognizer: soundswallower({ sentences: Object.keys(replies) }),
    model: fakeLanguageModel({ firstTokenMs: 150, reply: (said) => replies[said.at(-1)!.text] ?? 'What did you say?' }),
    synthesizer: flite({ voice: 'rms' }),
    turns: [silence(), sustained()],
  });

it('holds a talk in words, through noise and loss, in virtual time', async () => {
  const talk = scenario(
    'in words',
    {
      agent: spoken,
      people: { anna: flite({ voice: 'slt' }) },
      ear: soundswallower({ sentences: Object.values(replies).map((text) => text.replaceAll('.', '')) }),
      budgets: { wordErrorRate: 0.2, silentWords: 0, problems: 0 },
      limitMs: 60_000,
    },
    async (anna) => {
      anna.noise({ snrDb: 20 });
      anna.network.loss(0.02);
      await anna.say('what is the weather in oslo');
      await anna.expectHeard('it is cold and it rains', { wordErrors: 0.34 });
      await anna.expectListening();
    },
  );
  const { error, metrics, timeline } = await runScenario(talk);
  expect(error, timeline.join('\n')).toBeUndefined();
  expect(metrics).toMatchObject({ turns: 1, bargeIns: 0 });
  // Some of it was lost, or it was no test.
  expect(metrics!.concealedMs).toBeGreaterThan(0);
});
