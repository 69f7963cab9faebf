import { fakeLanguageModel, fakeVoiceDetector, type Message } from '@sluice/core/voice';
import { type AgentEvent, voiceAgent } from '@sluice/nodes';
import { type MakeAgent, toneRecognizer, toneVoice } from '@sluice/scenario';
import { describe, expect, it } from 'vitest';
import { hold } from './tone-talk.ts';

/** An agent that hears each of several people. */
function hostOf(names: readonly string[], told: (event: AgentEvent) => void, asked: (readonly Message[])[]): MakeAgent {
  return ({ graph, speaks, onEvent, hearsFrom }) => {
    const agent = voiceAgent(graph, {
      speaks,
      onEvent: (event) => {
        onEvent(event);
        told(event);
      },
      detector: fakeVoiceDetector(),
      recognizer: toneRecognizer(),
      model: fakeLanguageModel({
        firstTokenMs: 200,
        reply: (messages) => {
          asked.push([...messages]);
          const last = messages.at(-1)!;
          return `Hi ${last.role === 'user' ? last.name : 'nobody'}.`;
        },
      }),
      synthesizer: toneVoice(),
    });
    for (const id of names) void agent.addSpeaker({ id, hears: hearsFrom(id) });
    return agent;
  };
}

describe('several people', () => {
  it.each(['livekit/agents#6795', 'livekit/agents#391'])(
    '%s: a session hears one participant only',
    async (reference) => {
      const asked: (readonly Message[])[] = [];
      const names = reference.endsWith('391') ? ['anna', 'ben', 'carl'] : ['anna', 'ben'];
      await hold(
        async (talk) => {
          for (const name of names) {
            await talk.as(name).say(`it is ${name}`);
            await talk.expectHeard(`hi ${name}`);
            await talk.expectListening();
          }
        },
        { agent: hostOf(names, () => {}, asked), people: Object.fromEntries(names.map((name) => [name, toneVoice()])) },
      );
      const people = asked.at(-1)!.filter((message) => message.role === 'user');
      expect(people.map(({ name, text }) => `${name}: ${text}`)).toEqual(names.map((name) => `${name}: it is ${name}`));
    },
  );

  it('pipecat#3218: with two speakers the lag grows by 100 to 280 ms a second', async () => {
    const lags: Record<string, number[]> = { anna: [], ben: [] };
    const ends = new Map<string, number>();
    let now = () => 0;
    const told = (event: AgentEvent) => {
      if (event.type === 'turn') lags[event.speaker]!.push(now() - ends.get(event.turn.text)!);
    };
    await hold(
      async (talk) => {
        now = () => talk.nowMs;
        // A minute in which both speak at once most of the time.
        for (let round = 1; round <= 15; round++) {
          const name = (who: string) => `${who} says ${'abcdefghijklmno'[round - 1]}`;
          const lines = await Promise.all(['anna', 'ben'].map((who) => talk.as(who).say(name(who))));
          for (const { text, endMs } of lines) ends.set(text, endMs);
          await talk.wait(3_300);
        }
      },
      { agent: hostOf(['anna', 'ben'], told, []), people: { anna: toneVoice(), ben: toneVoice() } },
    );
    for (const of of Object.values(lags)) {
      expect(of).toHaveLength(15);
      expect(Math.max(...of) - Math.min(...of)).toBeLessThan(25);
      expect(of.at(-1)).toBeLessThan(600);
    }
  });

  it('pipecat#3378: a third call degrades the two beside it', async () => {
    const call = (seed: number) =>
      hold(
        async (talk) => {
          talk.network.set({ delayMs: 40, jitterMs: 10, loss: 0.02 });
          for (const text of ['hello', 'and you', 'good']) {
            await talk.say(text);
            await talk.expectHeard('hi');
            await talk.expectListening();
          }
        },
        { agent: hostOf(['anna'], () => {}, []), people: { anna: toneVoice() }, seed },
      );
    const alone = await call(1);
    const [first, second, third] = await Promise.all([call(1), call(2), call(3)]);
    expect(first!.sound!.agent.between()).toEqual(alone.sound!.agent.between());
    for (const { metrics } of [first!, second!, third!]) {
      expect(metrics!.voiceToVoiceMs.count).toBe(3);
      expect(metrics!.voiceToVoiceMs.p95).toBeLessThan(alone.metrics!.voiceToVoiceMs.p95! + 60);
    }
  });
});
