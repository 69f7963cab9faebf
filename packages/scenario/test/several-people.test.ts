import { fakeLanguageModel, fakeRecognizer, fakeVoiceDetector } from '@sluice/core/voice';
import { byName, voiceAgent } from '@sluice/nodes';
import { type MakeAgent, runScenario, type StageMode, scenario, toneRecognizer, toneVoice } from '@sluice/scenario';
import { afterEach, expect, it } from 'vitest';

/** Who came and went, as the agent heard of it. */
const seen: string[] = [];
afterEach(() => {
  seen.length = 0;
});

const lines: Readonly<Record<string, string>> = {
  anna: 'host it is late and i am tired',
  ben: 'and where is carl',
  carl: 'hello host',
};

/** Hears each of those who come, and answers who names it. Over a call a busy machine must not decide what it understands. */
const host: MakeAgent = ({ graph, client, speaks, onEvent, hearsFrom, onPresence }) => {
  const agent = voiceAgent(graph, {
    speaks,
    onEvent,
    detector: fakeVoiceDetector(),
    recognizer: toneRecognizer(),
    model: fakeLanguageModel({ reply: (messages) => `Hi ${(messages.at(-1) as { name?: string }).name}.` }),
    synthesizer: toneVoice(),
    addressing: byName(['host']),
  });
  onPresence(({ type, name }) => {
    seen.push(`${name} ${type}`);
    const recognizer = client === undefined ? toneRecognizer() : fakeRecognizer({ texts: [lines[name]!] });
    if (type === 'joined') void agent.addSpeaker({ id: name, name, hears: hearsFrom(name), recognizer });
    else void agent.removeSpeaker(name);
  });
  return agent;
};

const meeting = scenario(
  'several people talk to it and over each other',
  {
    agent: host,
    people: { anna: toneVoice(), ben: toneVoice() },
    limitMs: 30_000,
    budgets: { problems: 0 },
  },
  async (anna) => {
    const ben = anna.as('ben');
    await Promise.all([anna.say(lines.anna!), anna.wait(700).then(() => ben.say(lines.ben!))]);
    await Promise.all([anna.expectHeard('hi anna'), ben.expectHeard('hi anna')]);
    const carl = await anna.join('carl', { voice: toneVoice() });
    await carl.say(lines.carl!);
    await ben.expectHeard('hi carl');
    await carl.leave();
    await anna.expectLog([
      { speaker: 'anna', addressed: true },
      { speaker: 'ben', addressed: false, over: [{ speaker: 'anna' }], text: /^and where/ },
      { who: 'agent', to: 'anna', text: /anna/ },
      'carl: hello host',
      'agent: Hi carl.',
    ]);
    await anna.expectListening();
  },
);

it.each<StageMode>(['virtual', 'real'])('%s: each is heard, answered or left alone, and known', async (mode) => {
  const { error, metrics, timeline } = await runScenario(meeting, { mode });
  expect(error, timeline.join('\n')).toBeUndefined();
  expect(seen.slice(0, 4)).toEqual(['anna joined', 'ben joined', 'carl joined', 'carl left']);
  expect(metrics).toMatchObject({ turns: 3, bargeIns: 0, voiceToVoiceMs: { count: 2 } });
  if (mode === 'virtual') expect(Object.keys(metrics!.overlapMs)).toEqual(['ben over anna']);
  // Ben begins 800 ms before anna has ended.
  expect(metrics!.overlapMs['ben over anna']).toBeGreaterThan(300);
  expect(metrics!.overlapMs['ben over anna']).toBeLessThan(1_500);
  const told = timeline.join('\n');
  expect(told).toMatch(/log +ben, to somebody else, over anna \(\d+ ms\): and where is carl/);
  expect(told).toMatch(/log +agent, to anna: Hi anna\./);
});
