import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import { micros } from '../../time/units.ts';
import { VirtualClock } from '../../time/virtual-clock.ts';
import { fakeLanguageModel } from './fake-language-model.ts';
import { fakeRecognizer } from './fake-recognizer.ts';
import { fakeSynthesizer } from './fake-synthesizer.ts';
import { fakeTurnDetector } from './fake-turn-detector.ts';
import { fakeVoiceDetector } from './fake-voice-detector.ts';

/** Half a second of silence, one of a loud tone, half a second of silence, in pieces of so many samples at 16 kHz. */
function burst(piece: number): AudioFrame[] {
  const all = new Int16Array(32_000);
  for (let index = 8_000; index < 24_000; index++) all[index] = 8_000 * Math.sin(index / 5);
  const frames: AudioFrame[] = [];
  for (let at = 0; at < all.length; at += piece)
    frames.push(
      new AudioFrame({
        samples: all.slice(at, at + piece),
        sampleRate: 16_000,
        channels: 1,
        timestamp: micros(Math.round((at * 1_000_000) / 16_000)),
      }),
    );
  return frames;
}

/** Gathers events with the virtual time of each. */
function gather<E>(session: AsyncIterable<E>, clock: VirtualClock) {
  const events: (E & { at: number })[] = [];
  void (async () => {
    for await (const event of session) events.push({ ...event, at: clock.now() });
  })();
  return events;
}

describe('fakeVoiceDetector', () => {
  it.each([160, 37, 320, 32_000])('tells start and end, in pieces of %i samples', async (piece) => {
    const clock = new VirtualClock();
    const session = await fakeVoiceDetector().open({ clock });
    const events = gather(session, clock);
    for (const frame of burst(piece)) await session.write(frame);
    await clock.settle();
    expect(events.map(({ type, at: _, ...rest }) => ({ type, ...rest }))).toMatchObject([
      { type: 'speech', toldAt: 510_000 },
      { type: 'silence', toldAt: 1_550_000 },
    ]);
    await session.close();
  });
});

describe('fakeRecognizer', () => {
  it('says what its script says, with word times within the speech, when it is asked', async () => {
    const clock = new VirtualClock();
    const session = await fakeRecognizer({ texts: ['one two', 'three'], finalMs: 120 }).open({ clock });
    const events = gather(session, clock);
    for (const frame of burst(320)) await session.write(frame);
    const flushed = session.flush();
    await clock.advance(200);
    await flushed;
    expect(events.map(({ type, text, at }) => [type, text, at])).toEqual([
      ['partial', 'one', 0],
      ['partial', 'one two', 0],
      ['final', 'one two', 120],
    ]);
    expect(events.at(-1)).toMatchObject({
      start: 500_000,
      end: 1_500_000,
      words: [{ start: 500_000, end: 1_000_000 }, { end: 1_500_000 }],
    });
    await session.flush();
    expect(events.length).toBe(3);
    await session.close();
  });
});

describe('fakeSynthesizer', () => {
  it('speaks a tone a word, as late as its script says, and stops where it is cancelled', async () => {
    const clock = new VirtualClock();
    const session = await fakeSynthesizer({ firstByteMs: 80 }).open({ clock });
    const events = gather(session, clock);
    await session.write({ id: 'a', epoch: 0, text: 'hello there' });
    await session.write({ id: 'b', epoch: 0, text: 'never said' });
    await clock.advance(100);
    session.cancel(1);
    await session.write({ id: 'c', epoch: 1, text: 'yes' });
    await clock.advance(300);
    await session.flush();
    const of = (id: string) => events.filter((event) => event.id === id);
    expect(
      of('a')
        .map(({ at }) => at)
        .every((at) => at === 80),
    ).toBe(true);
    expect(of('a').filter(({ type }) => type === 'word')).toMatchObject([
      { from: 0, to: 5, startMs: 0, endMs: 250 },
      { from: 6, to: 11, startMs: 300 },
    ]);
    const length = of('a').reduce((sum, event) => sum + (event.type === 'audio' ? event.samples.length : 0), 0);
    expect(length).toBe(2 * 4_800);
    expect(of('a').at(-1)?.type).toBe('finished');
    expect(of('b')).toEqual([]);
    expect(of('c').at(-1)).toMatchObject({ type: 'finished', at: 180 });
    await session.close();
  });
});

describe('fakeLanguageModel and fakeTurnDetector', () => {
  it('answer word by word in virtual time', async () => {
    const clock = new VirtualClock();
    const session = await fakeLanguageModel({ reply: () => 'a b c', firstTokenMs: 100, tokenMs: 10 }).open({ clock });
    const events = gather(session, clock);
    await session.write({ id: 'r', epoch: 0, messages: [{ role: 'user', text: 'hm' }] });
    await clock.advance(200);
    expect(events.map((event) => [event.type === 'text' ? event.text : event.type, event.at])).toEqual([
      ['a ', 100],
      ['b ', 110],
      ['c', 120],
      ['finished', 120],
    ]);
    await session.close();

    const judge = await fakeTurnDetector({ answerMs: 20 }).open({ clock });
    const verdicts = gather(judge, clock);
    for (const [id, text] of [
      ['x', 'I think that'],
      ['y', 'I think so.'],
    ] as const)
      await judge.write({ id, epoch: 0, text, words: [], pauseMs: 300 });
    await clock.advance(100);
    expect(verdicts).toMatchObject([
      { id: 'x', probability: 0.1, at: 220 },
      { id: 'y', probability: 1, at: 240 },
    ]);
    await judge.close();
  });
});
