import { micros } from '@sluice/core';
import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  fakeSynthesizer,
  fallback,
  voiceError,
} from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { VirtualConversation } from './virtual-conversation.ts';

const STORY = Array.from({ length: 8 }, (_, index) => `This is sentence number ${index + 1}.`).join(' ');

/** Of a tone, by its zero crossings, in hertz. */
function pitchOf(sound: Int16Array, sampleRate: number): number {
  let crossings = 0;
  for (let index = 1; index < sound.length; index++) if (sound[index - 1]! < 0 && sound[index]! >= 0) crossings++;
  return (crossings * sampleRate) / sound.length;
}

describe('models that are replaced while an agent talks', () => {
  it.each([16_000, 24_000])('go on with another voice of %i Hz without a gap', async (sampleRate) => {
    await using talk = await VirtualConversation.begin([[500, 1_500]], ['tell me'], {
      model: fakeLanguageModel({ reply: () => STORY }),
    });
    await talk.clock.advance(4_000);
    const used = talk.agent.use({ synthesizer: fakeSynthesizer({ frequency: 440, sampleRate, firstByteMs: 300 }) });
    await talk.clock.advance(16_000);
    await used;
    const trace = talk.events.find((event) => event.type === 'trace');
    const startMs = trace?.type === 'trace' ? trace.trace.firstAudibleMs! : Number.NaN;
    // 40 words of 300 ms, of which 50 are silent.
    expect(talk.lines[1]).toBe(`agent: ${STORY}`);
    expect(talk.longestSilenceMs(startMs + 20, startMs + 11_900)).toBeLessThan(62);
    const pitchAt = (ms: number) => pitchOf(talk.sent.subarray((startMs + ms) * 16, (startMs + ms + 200) * 16), 16_000);
    expect(Math.round(pitchAt(330) / 40)).toBe(Math.round(220 / 40));
    expect(Math.round(pitchAt(11_430) / 40)).toBe(Math.round(440 / 40));
    expect(talk.agent.metrics()).toMatchObject({ swaps: 1, fallbacks: 0, glitches: 0 });
  });

  it('finish a reply with the model that has begun it, and hear a sentence with the ears that have', async () => {
    const says = (word: string) => fakeLanguageModel({ reply: () => `${word}. And ${word}.`, tokenMs: 100 });
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [6_000, 7_000],
        [11_000, 12_000],
      ],
      ['one', 'two', 'lost'],
      { model: says('old') },
    );
    await talk.clock.advance(2_150);
    await talk.agent.use({ model: says('new') });
    await talk.clock.advance(4_400);
    const used = talk.agent.use({ recognizer: fakeRecognizer({ texts: ['three'] }) });
    await talk.clock.advance(9_000);
    await used;
    expect(talk.lines).toEqual([
      'person: one',
      'agent: old. And old.',
      'person: two',
      'agent: new. And new.',
      'person: three',
      'agent: new. And new.',
    ]);
  });

  it('end turns as the recogniser does that is in use: by its word where it judges them, else by silence', async () => {
    const judge = defineVoiceModel({
      kind: 'recognizer',
      name: 'judge',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: 300,
      words: false,
      turns: true,
      settings: {},
      start: ({ emit }) => {
        let isTold = false;
        return {
          write: ({ timestamp, duration }) => {
            const end = micros(timestamp + duration);
            if (isTold || end < 9_300_000) return;
            isTold = true;
            emit({ type: 'final', text: 'over a pause', words: [], start: micros(6_000_000), end, turn: 'over' });
          },
        };
      },
    });
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [6_000, 6_500],
        [8_500, 9_000],
        [13_000, 14_000],
      ],
      ['by silence'],
      { model: fakeLanguageModel({ reply: () => 'I see.' }) },
    );
    const decided = () => talk.events.flatMap((event) => (event.type === 'turn' ? [event.turn.decidedMs] : []));
    await talk.clock.advance(4_000);
    await talk.agent.use({ recognizer: judge });
    await talk.clock.advance(7_000);
    await talk.agent.use({ recognizer: fakeRecognizer({ texts: ['again by silence'] }) });
    await talk.clock.advance(6_000);
    expect(talk.lines.filter((line) => line.startsWith('person'))).toEqual([
      'person: by silence',
      'person: over a pause',
      'person: again by silence',
    ]);
    expect(decided()).toEqual([2_000, 9_300, 14_500]);
  });

  it('stay as they are when the next cannot be had', async () => {
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [6_000, 7_000],
      ],
      ['hello', 'are you there'],
      { model: fakeLanguageModel({ reply: () => 'Still here.' }) },
    );
    const broken = defineVoiceModel({
      kind: 'language-model',
      name: 'broken',
      latencyMs: 0,
      settings: {},
      start: () => {
        throw voiceError('no key', { model: 'broken', category: 'give-up' });
      },
    });
    await talk.clock.advance(4_000);
    await expect(talk.agent.use({ model: broken })).rejects.toThrow(/no key/);
    await expect(talk.agent.use({ voice: broken } as never)).rejects.toThrow(/agent\.use\.voice/);
    await talk.clock.advance(6_000);
    expect(talk.lines.slice(2)).toEqual(['person: are you there', 'agent: Still here.']);
    expect(talk.agent.metrics()).toMatchObject({ swaps: 0, problems: 0 });
  });
});

describe('the figures of an agent', () => {
  it('count what happened, and stand in inspect() under the same names', async () => {
    const flaky = defineVoiceModel({
      kind: 'language-model',
      name: 'flaky',
      latencyMs: 0,
      settings: {},
      start: ({ emit }) => ({
        write: ({ id, epoch }) => emit({ type: 'failed', id, epoch, error: new Error('no') }),
      }),
    });
    const steady = fakeLanguageModel({ reply: () => 'One two three four five six seven.', firstTokenMs: 200 });
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [3_000, 3_100],
        [4_000, 5_000],
      ],
      ['tell me', '', 'stop right there'],
      { model: fallback(flaky, steady) },
    );
    await talk.clock.advance(12_000);
    const figures = talk.agent.metrics();
    expect(figures).toMatchObject({
      turns: 2,
      bargeIns: 1,
      falseAlarms: 1,
      wordsHeard: 5,
      fallbacks: 1,
      swaps: 0,
      apologies: 0,
      problems: 0,
      glitches: 0,
    });
    expect(figures.wordsSaid).toBeGreaterThan(7);
    expect(figures.wordsSaid).toBeLessThan(14);
    expect(figures.timeToSilenceMs).toMatchObject({ count: 2 });
    expect(figures.timeToSilenceMs.max).toBeLessThan(60);
    const { latencyMs, latencyByPart } = figures;
    const parts = Object.values(latencyByPart).reduce((sum, { mean }) => sum + mean, 0);
    expect(latencyMs.count).toBe(2);
    expect(parts).toBeCloseTo(latencyMs.mean);
    expect(latencyByPart.model.mean).toBeCloseTo(200, -1);
    expect(talk.bot.inspect().figures).toEqual({ agent: figures });
  });

  it('count apologies and problems', async () => {
    await using talk = await VirtualConversation.begin([[500, 1_500]], ['hello'], {
      model: fakeLanguageModel({ firstTokenMs: 600_000 }),
      bounds: { thinkingMs: 1_000 },
    });
    await talk.clock.advance(8_000);
    expect(talk.agent.metrics()).toMatchObject({ turns: 1, apologies: 1, problems: 1 });
  });
});
