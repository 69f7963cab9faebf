import { runScenario, scenario, toneRecognizer } from '@sluice/scenario';
import { expect, it } from 'vitest';
import { toneAgent } from './tone-agent.ts';

/** How long they talk, in minutes; an hour by hand. */
const minutes = Number(process.env.MINUTES ?? 5);

it('talks for long, interrupted every six seconds, without a glitch and without a word that nobody heard', async () => {
  const options = {
    agent: toneAgent,
    ear: toneRecognizer(),
    limitMs: (minutes + 1) * 60_000,
    budgets: { glitches: 0, silentWords: 0, unloggedMs: 0, problems: 0, timeToSilenceMs: 120, voiceToVoiceMs: 900 },
  };
  const long = scenario('a long talk', options, async (talk) => {
    while (talk.nowMs < minutes * 60_000) {
      await talk.say('hello');
      await talk.expectHeard('what can i do');
      await talk.say('count');
      await talk.bargeInAt({ afterMs: 800 }, 'stop');
      await talk.expectSilenceWithin(120);
      await talk.expectHeard('okay');
    }
  });
  const { error, metrics, scenarioMs, wallMs } = await runScenario(long);
  if (process.env.MINUTES !== undefined) console.log(`${Math.round(scenarioMs / wallMs)} times real time`);
  expect(error).toBeUndefined();
  const { voiceToVoiceMs, latencyByPart } = metrics!;
  const parts = Object.values(latencyByPart).reduce((sum, { p50 }) => sum + p50!, 0);
  expect(Math.abs(parts - voiceToVoiceMs.p50!)).toBeLessThan(1);
}, 600_000);
