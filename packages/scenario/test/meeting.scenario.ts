import { fakeLanguageModel, fakeRecognizer, fakeVoiceDetector } from '@sluice/core/voice';
import { byName, voiceAgent } from '@sluice/nodes';
import { type MakeAgent, scenario, toneRecognizer, toneVoice } from '@sluice/scenario';

/** Who came and went, as the agent heard of it since it was made last. */
export const seen: string[] = [];

const lines: Readonly<Record<string, string>> = {
  anna: 'host it is late and i am tired',
  ben: 'and where is carl',
  carl: 'hello host',
};

/** Hears each of those who come, and answers who names it. Over a call a busy machine must not decide what it understands. */
const host: MakeAgent = ({ graph, client, speaks, onEvent, hearsFrom, onPresence }) => {
  seen.length = 0;
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

/** Three who talk to an agent and over each other. Runs in virtual time and over a real call. */
export const meeting = scenario(
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
