import { defineVoiceModel, fakeLanguageModel, fakeSynthesizer, type SpeechRequest } from '@sluice/core/voice';
import { toneVoice } from '@sluice/scenario';
import { describe, expect, it } from 'vitest';
import { VirtualConversation } from '../virtual-conversation.ts';
import { hold, toneAgent } from './tone-talk.ts';

/** A service that takes no notice of a cancellation: all of its sound comes, two seconds late. */
const deafVoice = () =>
  defineVoiceModel({
    kind: 'synthesizer',
    name: 'deaf-voice',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 2_000,
    words: false,
    settings: {},
    start: ({ clock, emit }) => ({
      write: ({ id, epoch, text }: SpeechRequest) => {
        clock.at(clock.now() + 2_000, () => {
          const samples = Int16Array.from(
            { length: 16_000 },
            (_, i) => 8_000 * Math.sin(i / (text === 'Old.' ? 3 : 9)),
          );
          emit({ type: 'audio', id, epoch, samples, sampleRate: 16_000, channels: 1 });
          emit({ type: 'finished', id, epoch });
        });
      },
    }),
  });

describe('interruptions', () => {
  it('agents-js#1984: rapid barge-ins mute the session for ever', async () => {
    const result = await hold(
      async (talk) => {
        await talk.say('tell');
        await talk.bargeInAt({ afterMs: 300 }, 'no');
        for (let times = 0; times < 15; times++) {
          await talk.wait(60 + 40 * times);
          await talk.say(times % 2 === 0 ? 'no' : 'tell');
        }
        await talk.wait(3_000);
        await talk.expectListening();
        await talk.say('hello');
        await talk.expectListening();
        await talk.wait(3_000);
        const lines = talk.agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
        expect(lines.slice(-2)).toEqual(['person: hello', 'agent: Okay.']);
      },
      { limitMs: 600_000 },
    );
    expect(result.metrics).toMatchObject({ problems: 0 });
  });

  it('agents-js#2065: after one interrupted reply the agent is silent from then on', async () => {
    await hold(async (talk) => {
      for (const afterMs of [40, 700, 2_500]) {
        await talk.say('tell');
        await talk.bargeInAt({ afterMs }, 'stop');
        await talk.expectSilenceWithin(250);
        await talk.expectHeard('okay');
        await talk.expectListening();
        await talk.say('hello');
        await talk.expectHeard('okay');
      }
    });
  });

  it.each([
    ['agents-js#1909', 250],
    ['livekit/agents#5038', 900],
  ])('%s: a reply is dropped that somebody coughed into before its first frame, %i ms in', async (_who, afterMs) => {
    await hold(
      async (talk) => {
        await talk.say('hello');
        await talk.wait(500 + afterMs);
        await talk.cough(120);
        await talk.expectHeard('okay');
        await talk.expectLog(['person: hello', 'agent: Okay.']);
      },
      { agent: toneAgent({ synthesizer: toneVoice({ firstByteMs: 900 }) }) },
    );
  });

  it('pipecat#4151: a source plays on for minutes after a barge-in', async () => {
    const { metrics } = await hold(
      async (talk) => {
        await talk.say('tell');
        await talk.bargeInAt({ afterMs: 1_500 }, 'stop');
        await talk.expectSilenceWithin(200);
        await talk.expectHeard('okay');
        await talk.expectListening();
        await talk.wait(200);
        await talk.expectSilence(90_000);
      },
      { limitMs: 300_000 },
    );
    expect(metrics!.unloggedMs).toBeLessThan(100);
  });

  it('pipecat#3077: a burst of stale audio comes when the next reply begins', async () => {
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [2_400, 3_400],
      ],
      ['first', 'second'],
      {
        model: fakeLanguageModel({ reply: (messages) => (messages.at(-1)!.text === 'first' ? 'Old.' : 'New.') }),
        synthesizer: deafVoice(),
      },
    );
    await talk.clock.advance(9_000);
    // Of the old reply there is nothing, of the new one a second and no sample more.
    const { sent } = talk;
    const loud = [...sent].flatMap((sample, index) => (Math.abs(sample) > 200 ? [index] : []));
    expect(talk.longestSilenceMs(0, 5_800)).toBeGreaterThan(5_700);
    expect((loud.at(-1)! - loud[0]!) / 16).toBeCloseTo(1_000, -2);
    const crossings = loud.filter((index) => sent[index - 1]! < 0 !== sent[index]! < 0).length;
    expect(talk.lines.at(-1)).toBe('agent: New.');
    expect(crossings).toBeLessThan(700);
  });

  it('pipecat#3077: what waits in a voice is not kept through a pause', async () => {
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [3_000, 4_400],
      ],
      ['first', 'second'],
      {
        model: fakeLanguageModel({
          reply: (messages) =>
            messages.at(-1)!.text === 'first' ? 'One two three four. Five six seven eight. Nine ten.' : 'Yes.',
        }),
        synthesizer: fakeSynthesizer(),
      },
    );
    await talk.clock.advance(12_000);
    expect(talk.longestSilenceMs(3_200, 4_800)).toBeGreaterThan(1_590);
    expect(talk.lines.at(-1)).toBe('agent: Yes.');
    expect(talk.longestSilenceMs(5_600, 12_000)).toBeGreaterThan(6_000);
  });
});
