import { micros } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SpokenFrame } from '../voice-frames.ts';
import { SayQueue } from './say-queue.ts';
import type { Spoken } from './utterance.ts';
import { estimatedWords, heardText } from './word-times.ts';

/** A device whose playing the test decides. */
function device() {
  const parts = new Map<string, ReturnType<typeof part>>();
  const part = () => {
    let start!: (started: boolean) => void;
    let finish!: (outcome: { playedMs: number; interrupted: boolean }) => void;
    const started = new Promise<boolean>((resolve) => {
      start = resolve;
    });
    const finished = new Promise<{ playedMs: number; interrupted: boolean }>((resolve) => {
      finish = resolve;
    });
    return { started, finished, start, finish };
  };
  const receipt = (id: string) => {
    if (!parts.has(id)) parts.set(id, part());
    return parts.get(id)!;
  };
  return { receipt, parts };
}

describe('SayQueue', () => {
  let clock: VirtualClock;
  let dev: ReturnType<typeof device>;
  let queue: SayQueue;
  let asked: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    dev = device();
    queue = new SayQueue({ clock, receipt: dev.receipt });
    asked = [];
    void (async () => {
      for await (const { utterance, text } of queue.frames()) asked.push(`${utterance}: ${text}`);
    })();
  });
  const tell = (utterance: string, what: object) =>
    queue.onSpoken({ kind: 'spoken', timestamp: micros(0), utterance, ...what } as SpokenFrame);
  /** A sentence is synthesized, 400 ms a word. */
  const synthesize = (id: string, words: readonly string[]) => {
    tell(id, { event: 'begun' });
    let from = 0;
    for (const [i, word] of words.entries()) {
      tell(id, { event: 'word', from, to: from + word.length, startMs: i * 400, endMs: i * 400 + 300 });
      from += word.length + 1;
    }
    tell(id, { event: 'finished', durationMs: words.length * 400 });
  };
  const play = async (id: string, playedMs: number, interrupted = false) => {
    dev.receipt(id).start(playedMs > 0);
    await clock.settle();
    dev.receipt(id).finish({ playedMs, interrupted });
    await clock.settle();
  };

  it('says sentences as they are complete, and tells what was heard', async () => {
    const utterance = queue.begin('r1');
    for (const token of ['Good mor', 'ning. How a', 're you?']) utterance.push(token);
    await clock.settle();
    expect(asked).toEqual(['r1.1: Good morning. ']);
    utterance.end();
    await clock.settle();
    expect(asked[1]).toBe('r1.2: How are you?');
    synthesize('r1.1', ['Good', 'morning.']);
    synthesize('r1.2', ['How', 'are', 'you?']);
    await play('r1.1', 800);
    expect(queue.busy).toBe(true);
    await play('r1.2', 1_200);
    await expect(utterance.started).resolves.toBe(true);
    await expect(utterance.finished).resolves.toMatchObject({
      text: 'Good morning. How are you?',
      heardText: 'Good morning. How are you?',
      interrupted: false,
      startedMs: 0,
    });
    expect(queue.busy).toBe(false);
  });

  it('says what stands by itself before more is there, and keeps it apart from that', async () => {
    const utterance = queue.begin('r');
    utterance.flush();
    for (const token of ['Good mor', 'ning.']) utterance.push(token);
    utterance.flush();
    utterance.flush();
    await clock.settle();
    expect(asked).toEqual(['r.1: Good morning. ']);
    utterance.push('How are you?');
    utterance.end();
    utterance.flush();
    await clock.settle();
    expect(asked.slice(1)).toEqual(['r.2: How are you?']);
    synthesize('r.1', ['Good', 'morning.']);
    synthesize('r.2', ['How', 'are', 'you?']);
    await play('r.1', 800);
    await play('r.2', 1_200);
    const text = 'Good morning. How are you?';
    await expect(utterance.finished).resolves.toMatchObject({ text, heardText: text });
  });

  it('knows to the word what was heard of what was interrupted', async () => {
    const utterance = queue.say('Good morning. How are you? Fine.', 'r');
    await clock.settle();
    synthesize('r.1', ['Good', 'morning.']);
    synthesize('r.2', ['How', 'are', 'you?']);
    await play('r.1', 800);
    dev.receipt('r.2').start(true);
    await clock.settle();
    queue.interrupt();
    dev.receipt('r.2').finish({ playedMs: 750, interrupted: true });
    const spoken: Spoken = await utterance.finished;
    expect(spoken).toMatchObject({ heardText: 'Good morning. How are', interrupted: true });
    expect(spoken.heardMs).toBe(1_550);
    expect(spoken.droppedMs).toBe(450);
    expect(spoken.words.map(({ text }) => text)).toEqual(['Good', 'morning.', 'How', 'are']);
    expect(queue.busy).toBe(false);
  });

  it('finishes what was interrupted before its first sound, and what has no text yet', async () => {
    const [first, second] = [queue.say('One. Two.'), queue.begin()];
    second.push('Thr');
    queue.interrupt();
    second.push('ee. Four. ');
    for (const utterance of [first, second])
      await expect(utterance.finished).resolves.toMatchObject({
        heardText: '',
        interrupted: true,
        startedMs: undefined,
      });
    await expect(first.started).resolves.toBe(false);
    await clock.settle();
    expect(asked).toEqual([]);
    const next = queue.say('Yes.', 'next');
    await clock.settle();
    synthesize('next.1', ['Yes.']);
    await play('next.1', 400);
    await expect(next.finished).resolves.toMatchObject({ heardText: 'Yes.', interrupted: false });
  });

  it('leaves out what an engine took with it, and gives each word the time at which it left', async () => {
    const marks: { readonly atMs: number; readonly reached: () => void }[] = [];
    const receipt = (id: string) => ({
      ...dev.receipt(id),
      mark: (atMs: number, reached: () => void) => marks.push({ atMs, reached }),
    });
    const lossy = new SayQueue({ clock, receipt });
    const utterance = lossy.say('One two three.', 'r');
    lossy.onSpoken({ kind: 'spoken', timestamp: micros(0), utterance: 'r.1', event: 'begun' });
    for (const [i, from, to] of [
      [0, 0, 3],
      [1, 4, 7],
      [2, 8, 14],
    ] as const) {
      const times = { startMs: i * 400, endMs: i * 400 + 300 };
      lossy.onSpoken({ kind: 'spoken', timestamp: micros(0), utterance: 'r.1', event: 'word', from, to, ...times });
    }
    lossy.onSpoken({ kind: 'spoken', timestamp: micros(0), utterance: 'r.1', event: 'finished', durationMs: 1_200 });
    dev.receipt('r.1').start(true);
    await clock.advance(1_300);
    // All but `two`, and everything a second late: the voice stood still.
    for (const { atMs, reached } of marks) if (atMs < 400 || atMs > 700) reached();
    dev.receipt('r.1').finish({ playedMs: 800, interrupted: true });
    const { heardText, words } = await utterance.finished;
    expect(heardText).toBe('One three.');
    expect(words).toMatchObject([{ text: 'One', endMs: 1_300 }, { text: 'three.' }]);
  });

  it('places what comes after a hole behind what was lost, of which nothing was heard', async () => {
    const marks: { atMs: number; reached: () => void }[] = [];
    const mark = (atMs: number, reached: () => void) => void marks.push({ atMs, reached });
    const parts = ['before', 'after'].map((id) => ({ ...dev.receipt(id), takenMs: 800, mark }));
    let now = 0;
    const split = new SayQueue({ clock, receipt: () => parts[now]! });
    void (async () => {
      for await (const _ of split.frames());
    })();
    const utterance = split.say('One two three four.', 'r');
    await clock.settle();
    const told = (what: object) =>
      split.onSpoken({ kind: 'spoken', timestamp: micros(0), utterance: 'r.1', ...what } as SpokenFrame);
    told({ event: 'begun' });
    for (const [i, from] of [0, 4, 8, 14].entries())
      told({ event: 'word', from, to: from + [3, 3, 5, 5][i]!, startMs: i * 400, endMs: i * 400 + 300 });
    parts[0]!.start(true);
    await clock.advance(10);
    // The engine died after 100 ms: two words are lost. What comes of the sentence later has another receipt.
    marks.length = 0;
    now = 1;
    parts[0]!.finish({ playedMs: 100, interrupted: true });
    await clock.advance(1_000);
    told({ event: 'finished', durationMs: 1_600 });
    expect(marks.map(({ atMs }) => atMs)).toEqual([5, 300, 405, 700]);
    for (const { reached } of marks) reached();
    // All of it has come: nothing more is waited for.
    parts[1]!.finish({ playedMs: 800, interrupted: false });
    expect((await utterance.finished).heardText).toBe('three four.');
  });

  it('is not done with a sentence that an engine cut before its synthesizer is', async () => {
    const utterance = queue.say('One two.', 'r');
    await clock.settle();
    tell('r.1', { event: 'begun' });
    await play('r.1', 300, true);
    await clock.advance(1_000);
    expect(queue.busy).toBe(true);
    queue.interrupt();
    await expect(utterance.finished).resolves.toMatchObject({ interrupted: true });
  });

  it('does not want what it handed out and was interrupted since', async () => {
    queue.say('One.', 'r');
    await clock.settle();
    expect(asked).toEqual(['r.1: One.']);
    expect(queue.wants('r.1')).toBe(true);
    queue.interrupt();
    expect(queue.wants('r.1')).toBe(false);
  });

  it('ends what asks for sentences while none is there', async () => {
    const frames = queue.frames();
    const next = frames.next();
    await frames.return!();
    await expect(next).resolves.toMatchObject({ done: true });
  });

  it('counts nothing as heard of a sentence without a sound', async () => {
    const utterance = queue.say('One.', 'r');
    await clock.settle();
    tell('r.1', { event: 'finished', durationMs: 0 });
    await expect(utterance.finished).resolves.toMatchObject({ heardText: '', startedMs: undefined });
  });

  it('goes on after a sentence that could not be said, and says so', async () => {
    const utterance = queue.say('One. Two.', 'r');
    await clock.settle();
    tell('r.1', { event: 'failed', error: new Error('no voice') });
    synthesize('r.2', ['Two.']);
    await play('r.2', 400);
    await expect(utterance.finished).resolves.toMatchObject({ failed: true });
  });

  it('finishes at once where there is nothing to say', async () => {
    await expect(queue.say('... -- !').finished).resolves.toMatchObject({ heardText: '', interrupted: false });
  });

  it('refuses an id that is in use, and ends with close', async () => {
    queue.begin('a');
    expect(() => queue.begin('a')).toThrow(/utterance id/);
    queue.close();
    await clock.settle();
    expect(queue.busy).toBe(false);
  });
});

describe('estimatedWords', () => {
  it('covers the sound, in order, with longer words longer', () => {
    const words = estimatedWords('I understand, 100 percent.', 2_000);
    expect(words.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [2, 13],
      [14, 17],
      [18, 26],
    ]);
    expect(words[0]!.startMs).toBe(0);
    expect(words.at(-1)!.endMs).toBeCloseTo(2_000);
    for (let i = 1; i < words.length; i++) expect(words[i]!.startMs).toBeGreaterThan(words[i - 1]!.endMs);
    expect(estimatedWords('', 500)).toEqual([]);
  });

  it('gives the text up to the last whole word', () => {
    const words = estimatedWords('one two three', 900);
    expect(heardText('one two three', words, 0)).toBe('');
    expect(heardText('one two three', words, words[1]!.endMs)).toBe('one two');
    expect(heardText('one two three', words, words[1]!.endMs - 1)).toBe('one');
  });
});
