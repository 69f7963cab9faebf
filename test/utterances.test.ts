import { type AudioFrame, createOperator, type Graph, graph, type VideoFrame } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { composite, fromTestPattern, fromTone, gain, mixer, rechunk, resample } from '@sluice/nodes';
import { Daily, type PlayoutReceipt, toMicrophone } from '@sluice/transport';
import { virtualMediaHost } from '@sluice/transport/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

/** Puts frames into utterances by their time: `a` for the first so many milliseconds, then `b`. */
const say = <F extends AudioFrame | VideoFrame>(
  ...turns: readonly (readonly [id: string | undefined, untilMs: number])[]
) =>
  createOperator<F, F>({ name: 'say' }, (destination) => ({
    next: (frame) => {
      const turn = turns.find(([, untilMs]) => frame.timestamp < untilMs * 1000);
      destination.next(frame.move({ utterance: turn?.[0] }) as F);
    },
  }));

describe('what became of an utterance', () => {
  let clock: VirtualClock;
  let bot: Graph;

  beforeEach(() => {
    clock = new VirtualClock();
    const host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
    bot = graph('speaker', { clock });
  });
  afterEach(async () => {
    bot.abort();
    await clock.advance(50);
    setCurrentDevices(undefined);
  });

  const microphone = (sampleRate = 16_000) => {
    const device = Daily.createMicrophoneDevice('mic', { sampleRate });
    device.input.use().set('heard');
    return device;
  };
  const tone = (duration?: number, sampleRate = 16_000, live = false) => fromTone({ sampleRate, live, duration });
  /** How it ended and when, in milliseconds of the clock. */
  const follow = (receipt: PlayoutReceipt) => {
    const seen: { startedAt?: number; finishedAt?: number; playedMs?: number; interrupted?: boolean } = {};
    void receipt.started.then((started) => {
      if (started) seen.startedAt = clock.now();
    });
    void receipt.finished.then((outcome) => Object.assign(seen, outcome, { finishedAt: clock.now() }));
    return seen;
  };

  it('tells start, marks and end of each of several, asked for before they come', async () => {
    const device = microphone();
    const sink = toMicrophone(device);
    const [a, b, never] = ['a', 'b', 'never'].map((id) => follow(sink.utterance(id)));
    const marks: number[] = [];
    for (const at of [0, 505]) sink.utterance('b').mark(at, () => marks.push(clock.now()));
    sink.utterance('b').mark(300, () => marks.push(-1))();
    bot
      .from(tone(2))
      .pipe(say(['a', 800], ['b', 2_000]))
      .to(sink);
    await bot.start();
    await clock.advance(700);
    expect(a).toEqual({ startedAt: expect.any(Number) });
    await clock.advance(2_000);
    expect(a).toMatchObject({ playedMs: 800, interrupted: false });
    expect(b).toMatchObject({ playedMs: 1_200, interrupted: false });
    expect(b!.startedAt! - a!.startedAt!).toBeGreaterThanOrEqual(790);
    expect(a!.finishedAt!).toBeLessThanOrEqual(b!.startedAt!);
    expect(b!.finishedAt! - a!.finishedAt!).toBeGreaterThanOrEqual(1_190);
    // To a slice: where one ends the next begins.
    expect(marks).toHaveLength(2);
    for (const [index, at] of [0, 505].entries())
      expect(Math.abs(marks[index]! - b!.startedAt! - at)).toBeLessThanOrEqual(10);
    expect(never).toMatchObject({ playedMs: 0, interrupted: true });
    expect(sink.utterance('b')).toMatchObject({ frames: 19_200, start: 12_800 });
  });

  it('keeps it through converters, chunks and operators', async () => {
    const sink = toMicrophone(microphone(48_000));
    bot
      .from(tone(3, 44_100))
      .pipe(say(['a', 1_000], ['b', 2_000]), resample({ sampleRate: 16_000 }), rechunk({ ms: 30 }))
      .to(sink);
    const [a, b] = ['a', 'b'].map((id) => follow(sink.utterance(id)));
    await bot.start();
    await clock.advance(4_000);
    for (const one of [a, b]) {
      expect(one!.interrupted).toBe(false);
      expect(Math.abs(one!.playedMs! - 1_000)).toBeLessThanOrEqual(40);
    }
  });

  it('tells how much of it was heard when it was interrupted, and begins anew after that', async () => {
    const device = microphone();
    const sink = toMicrophone(device);
    const first = follow(sink.utterance('a'));
    bot
      .from(tone(60))
      .pipe(say(['a', 60_000]))
      .to(sink);
    await bot.start();
    await clock.advance(1_003);
    const report = bot.interrupt();
    await clock.advance(20);
    const { heardMs } = await report;
    expect(first).toMatchObject({ playedMs: heardMs, interrupted: true });
    const second = follow(sink.utterance('a'));
    expect(second.finishedAt).toBeUndefined();
    await clock.advance(500);
    expect(second.startedAt).toBeGreaterThan(1_003);
    bot.abort();
    await clock.advance(20);
    expect(second).toMatchObject({ interrupted: true });
    expect(second.playedMs!).toBeGreaterThan(400);
  });

  it('settles each voice of a mixer by itself', async () => {
    const sink = toMicrophone(microphone());
    const desk = bot.add(mixer({ sampleRate: 16_000, timing: 'inputs' }));
    bot
      .from(tone(2))
      .pipe(say(['a', 500], [undefined, 1_000], ['b', 2_000]))
      .to(desk.input('voice'));
    bot
      .from(tone(2, 48_000))
      .pipe(say(['music', 1_500]))
      .to(desk.input('music'));
    desk.out.out.to(sink);
    const [a, b, music] = ['a', 'b', 'music'].map((id) => follow(sink.utterance(id)));
    await bot.start();
    await clock.advance(1_200);
    // Music plays on, and the end of `a` is not taken for its end.
    expect(a).toMatchObject({ playedMs: 500, interrupted: false });
    expect(music!.finishedAt).toBeUndefined();
    await clock.advance(2_000);
    expect(b).toMatchObject({ playedMs: 1_000, interrupted: false });
    expect(Math.abs(music!.playedMs! - 1_500)).toBeLessThanOrEqual(20);
  });

  it('calls a voice interrupted that was cut before the mixer, and no other', async () => {
    const sink = toMicrophone(microphone());
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    bot.group('speech', (scope) =>
      scope
        .from(tone(3))
        .pipe(say(['a', 2_500], [undefined, 3_000]))
        .pipe(gain({ db: -6 }))
        .to(desk.input('voice')),
    );
    bot
      .from(tone(3, 16_000, true))
      .pipe(say(['music', 3_000]))
      .to(desk.input('music'));
    desk.out.out.to(sink);
    const [a, music] = ['a', 'music'].map((id) => follow(sink.utterance(id)));
    await bot.start();
    await clock.advance(600);
    const report = bot.interrupt({ scope: 'speech' });
    await clock.advance(4_000);
    const { droppedMs } = await report;
    expect(droppedMs).toBeGreaterThan(100);
    expect(a!.interrupted).toBe(true);
    // The mixer's input drops what it holds of the old epoch when the new one comes.
    expect(a!.playedMs!).toBeLessThanOrEqual(2_500 - droppedMs + 20);
    expect(a!.playedMs!).toBeGreaterThan(2_500 - droppedMs - 220);
    expect(music).toMatchObject({ playedMs: 3_000, interrupted: false });
  });

  it('tells of all that a composed picture shows', async () => {
    const wall = bot.add(composite({ width: 64, height: 32, frameRate: 10, timing: 'inputs' }));
    const shown: unknown[] = [];
    for (const [id, duration] of [
      ['a', 0.3],
      ['b', 0.5],
    ] as const)
      bot
        .from(fromTestPattern({ width: 32, height: 32, frameRate: 10, duration }))
        .pipe(say([id, 60_000]))
        .to(wall.input(id));
    wall.out.out.to({
      next: (frame) => {
        shown.push(frame.utterance);
        frame.close();
      },
    });
    const done = bot.run();
    await clock.run({ until: done });
    expect(shown.slice(0, 3)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(shown.at(-1)).toEqual(['b']);
  });

  it('takes a pause for the end only when nothing more is on its way', async () => {
    const sink = toMicrophone(microphone());
    const a = follow(sink.utterance('a'));
    let held = () => {};
    const thinks = createOperator<AudioFrame, AudioFrame>({ name: 'thinks' }, (destination, context) => {
      let count = 0;
      return {
        next: (frame) => {
          if (++count !== 26) return destination.next(frame);
          const release = context.hold();
          held = () => {
            destination.next(frame);
            release();
          };
        },
      };
    });
    bot
      .from(tone(1))
      .pipe(say(['a', 1_000]), thinks)
      .to(sink);
    await bot.start();
    await clock.advance(400);
    expect(sink.playout().audible).toBe(true);
    expect(sink.playout().queuedMs).toBeGreaterThan(100);
    await clock.advance(2_000);
    // The device is silent, and there is more.
    expect(sink.playout().audible).toBe(true);
    expect(a.finishedAt).toBeUndefined();
    held();
    await clock.advance(1_000);
    expect(a).toMatchObject({ playedMs: 1_000, interrupted: false });
    expect(sink.playout()).toEqual({ audible: false, queuedMs: 0 });
  });

  it('finishes 200 ms after a live source has fallen silent', async () => {
    const sink = toMicrophone(microphone());
    const a = follow(sink.utterance('a'));
    const quiet = createOperator<AudioFrame, AudioFrame>({ name: 'quiet' }, (destination) => ({
      next: (frame) => (frame.timestamp < 500_000 ? destination.next(frame) : frame.close()),
    }));
    bot
      .from(tone(undefined, 16_000, true))
      .pipe(say(['a', 500]), quiet)
      .to(sink);
    await bot.start();
    await clock.advance(2_000);
    expect(a).toMatchObject({ playedMs: 500, interrupted: false });
    expect(a.finishedAt! - a.startedAt!).toBeLessThan(500 + 230);
    expect(sink.playout().audible).toBe(false);
  });
});
