import { AudioFrame, micros } from '@sluice/core';
import { checklist, seededRandom, testNoise, VirtualClock } from '@sluice/core/testing';
import type { RecognizerEvent } from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { SpeechRenderer } from './render-speech.ts';
import { spellable } from './tone-code.ts';
import { toneRecognizer } from './tone-recognizer.ts';
import { toneVoice } from './tone-voice.ts';

const text = "Hello there, I can't tell 42 from a Zebra-fish. Bookkeeper!";

/** What is understood of samples in pieces of a length, after so much silence. */
async function understand(samples: Int16Array, sampleRate: number, piece = 320): Promise<RecognizerEvent[]> {
  const clock = new VirtualClock();
  const session = await toneRecognizer().open({ clock });
  const events: RecognizerEvent[] = [];
  void (async () => {
    for await (const event of session) events.push(event);
  })();
  for (let at = 0; at < samples.length; at += piece)
    await session.write(
      new AudioFrame({
        samples: samples.slice(at, at + piece),
        sampleRate,
        channels: 1,
        timestamp: micros(Math.round((at * 1_000_000) / sampleRate)),
      }),
    );
  await session.flush();
  await clock.settle();
  await session.close();
  return events;
}

async function said(what: string, sampleRate: number, leadMs = 103.3): Promise<Int16Array> {
  const { samples } = await new SpeechRenderer(toneVoice({ sampleRate }), sampleRate).render(what);
  const lead = Math.round((leadMs * sampleRate) / 1_000);
  const all = new Int16Array(lead + samples.length + sampleRate / 10);
  all.set(samples, lead);
  return all;
}

describe('toneVoice and toneRecognizer', () => {
  it.each([8_000, 16_000, 24_000, 48_000])(
    'understand each other at %i Hz, with the times of the words',
    async (rate) => {
      for (const piece of [rate / 50, rate / 100, 137]) {
        const events = await understand(await said(text, rate), rate, piece);
        const final = events.at(-1)!;
        expect(final).toMatchObject({ type: 'final', text: spellable(text) });
        const [first, second] = final.words;
        expect(Math.abs(first!.start / 1_000 - 103.3)).toBeLessThan(15);
        expect(Math.abs(second!.start / 1_000 - (103.3 + 300))).toBeLessThan(15);
        expect(Math.abs(first!.end / 1_000 - (103.3 + 250))).toBeLessThan(25);
        expect(events.filter(({ type }) => type === 'partial')).toHaveLength(final.words.length);
      }
    },
  );

  it('are understood in noise and beside a weaker voice', async () => {
    const samples = await said(text, 16_000);
    const noise = testNoise({ length: 160_000, seed: 3, amplitude: 3_000 });
    const other = await said('the quick brown fox jumps over the lazy dog', 16_000, 20);
    const sum = samples.map((sample, index) => sample + noise[index]! + (other[index] ?? 0) * 0.25);
    expect((await understand(sum, 16_000)).at(-1)).toMatchObject({ text: spellable(text) });
  });

  it('lose what is cut, and only that', async () => {
    const samples = await said('one two three four', 16_000, 0);
    // Two begins with the fifth letter, at 200 ms.
    const cut = samples.slice();
    cut.fill(0, 3_200, 6_400);
    expect((await understand(cut, 16_000)).at(-1)).toMatchObject({ text: 'one three four' });
    expect((await understand(samples.slice(0, 7_500), 16_000)).at(-1)).toMatchObject({ text: 'one two t' });
  });

  it('understand nothing of noise, and say nothing of silence', async () => {
    const random = seededRandom(1);
    const cough = Int16Array.from({ length: 3_200 }, () => 12_000 * (2 * random() - 1));
    expect(await understand(cough, 16_000)).toMatchObject([{ type: 'final', text: '' }]);
    expect(await understand(new Int16Array(3_200), 16_000)).toEqual([]);
  });

  it('refuse options that do not exist', () => {
    expect(() => toneVoice({ rate: 1 } as never)).toThrow(TypeError);
    expect(() => toneRecognizer({ texts: [] } as never)).toThrow(TypeError);
  });
});

describe('toneVoice as a model', () => checklist(it, () => toneVoice({ firstByteMs: 20 }), { kind: 'synthesizer' }));
