import {
  type AudioFrame,
  CreditContext,
  createOperator,
  detachedContext,
  graph,
  type VideoFrame,
  withContext,
} from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import type { Observable, OperatorFunction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { composite, delay, fade, fromTestPattern, fromTone, mix, mixer, rechunk, tee, toFrames } from '../src/index.ts';

const tone = () => fromTone({ frequency: 400, sampleRate: 16_000, amplitude: 0.25, duration: 5 });
const lengthOf = (frames: readonly AudioFrame[]) => frames.reduce((sum, { length }) => sum + length, 0);

/** Lets each `n`-th picture pass. */
const every = (n: number) =>
  createOperator<VideoFrame, VideoFrame>({ name: 'every' }, (destination) => {
    let index = 0;
    return {
      next: (frame) => {
        if (++index % n === 0) destination.next(frame);
        else frame.close();
      },
    };
  });

const branches: readonly (readonly [string, OperatorFunction<AudioFrame, AudioFrame>, number])[] = [
  ['a delay of 500 ms', delay({ ms: 500 }), 5.5],
  ['a delay of 3 s', delay({ ms: 3_000 }), 8],
  ['a fade-out of 2 s', fade({ outMs: 2_000 }), 5],
  ['chunks of 1 s', rechunk({ ms: 1_000 }), 5],
];

describe('a source that reaches a join directly and through a branch that keeps media', () => {
  it.each(branches)('goes through in a graph: %s', async (_name, operator, seconds) => {
    const clock = new VirtualClock();
    const leaks = trackFrames();
    const bot = graph('join', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000, timing: 'inputs' }));
    const sink = toFrames();
    const source = bot.from(tone());
    source.to(desk.input('direct'));
    source.pipe(operator).to(desk.input('kept'));
    desk.out.out.to(sink);
    const done = bot.run();
    await clock.run({ until: done, limitMs: 60_000 });
    await done;
    const frames = await sink.finished;
    expect(lengthOf(frames)).toBe(seconds * 16_000);
    for (const frame of frames) frame.close();
    leaks.assertNone();
    leaks.stop();
  });

  it.each(branches)('goes through a tee without a graph: %s', async (_name, operator, seconds) => {
    const [direct, kept] = tee(tone(), { branches: 2, capacityMs: 5_000 });
    const sink = toFrames();
    mix({ sampleRate: 16_000, timing: 'inputs', inputs: { direct: direct!, kept: kept!.pipe(operator) } }).subscribe(
      sink,
    );
    expect(lengthOf(await sink.finished)).toBe(seconds * 16_000);
  });

  it('lets an input bring as much as it may while the next block waits for another', async () => {
    const clock = new VirtualClock();
    const bot = graph('join', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000, timing: 'inputs' }));
    let passed = 0;
    const counted = createOperator<AudioFrame, AudioFrame>({ name: 'counted' }, (destination) => ({
      next: (frame) => {
        passed++;
        destination.next(frame);
      },
    }));
    bot
      .from(tone())
      .pipe(counted)
      .to(desk.input('file', { capacityMs: 1_000 }));
    bot.from(fromTone({ frequency: 300, sampleRate: 16_000, duration: 1, live: true })).to(desk.input('late'));
    desk.out.out.to(toFrames());
    const done = bot.run();
    await clock.advance(100);
    // At most 6 frames are mixed, 50 wait in the input, 16 on the link.
    expect(passed).toBeGreaterThanOrEqual(50);
    expect(passed).toBeLessThanOrEqual(6 + 50 + 16 + 1);
    await clock.run({ until: done });
    await done;
  });

  it('needs a capacity of what the branch keeps, and the error says so', async () => {
    const run = async (capacityMs?: number) => {
      const clock = new VirtualClock();
      const bot = graph('join', { clock });
      const desk = bot.add(mixer({ sampleRate: 16_000, timing: 'inputs' }));
      const sink = toFrames();
      const source = bot.from(fromTone({ frequency: 400, sampleRate: 16_000, duration: 30 }));
      source.to(desk.input('direct', { capacityMs }));
      source.pipe(fade({ outMs: 15_000 })).to(desk.input('kept'));
      desk.out.out.to(sink);
      const done = bot.run();
      await clock.run({ until: done, limitMs: 60_000 });
      await done;
      return lengthOf(await sink.finished);
    };
    await expect(run()).rejects.toMatchObject({
      code: 'SLUICE_GRAPH_STALLED',
      nodeId: 'mixer',
      message: expect.stringMatching(/fromTone->mixer\.direct.*`kept` \(from `fade`\).*capacityMs/),
    });
    expect(await run(20_000)).toBe(30 * 16_000);
  });

  it('goes through where a block is longer than what is taken beforehand', async () => {
    const bot = graph('long', { clock: new VirtualClock() });
    const desk = bot.add(mixer({ sampleRate: 16_000, timing: 'inputs', frameMs: 1_000 }));
    const sink = toFrames();
    bot.from(tone()).to(desk.input('one'));
    bot.from(tone()).to(desk.input('two'));
    desk.out.out.to(sink);
    await bot.run();
    expect(lengthOf(await sink.finished)).toBe(5 * 16_000);
  });

  it('goes through a composite: every 18th picture', async () => {
    const clock = new VirtualClock();
    const leaks = trackFrames();
    const bot = graph('join', { clock });
    const wall = bot.add(composite({ width: 64, height: 48, frameRate: 30, timing: 'inputs' }));
    const sink = toFrames<VideoFrame>();
    const source = bot.from(fromTestPattern({ width: 64, height: 48, duration: 4 }));
    source.to(wall.input('direct'));
    source.pipe(every(18)).to(wall.input('few'));
    wall.out.out.to(sink);
    const done = bot.run();
    await clock.run({ until: done, limitMs: 60_000 });
    await done;
    const frames = await sink.finished;
    expect(frames.length).toBeGreaterThanOrEqual(119);
    for (const frame of frames) frame.close();
    leaks.assertNone();
    leaks.stop();
  });
});

describe('a tee', () => {
  /** A source gives the event loop its turn every few milliseconds. */
  const turns = async (until: () => boolean) => {
    while (!until()) await new Promise((resolve) => setImmediate(resolve));
    for (let more = 0; more < 5; more++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('reads on while one branch wants frames, until another can keep no more', async () => {
    const [fast, slow] = tee(tone(), { branches: 2, capacityMs: 1_000 });
    const heard = { fast: 0, slow: 0 };
    let open = false;
    const room = new CreditContext(detachedContext(), { isOpen: () => open });
    const listen = (branch: Observable<AudioFrame>, name: 'fast' | 'slow') =>
      branch.subscribe((frame) => {
        heard[name]++;
        frame.close();
      });
    withContext(room, () => listen(slow!, 'slow'));
    listen(fast!, 'fast');
    await turns(() => heard.fast >= 50);
    expect(heard).toEqual({ fast: 50, slow: 0 });
    open = true;
    room.wake();
    await turns(() => heard.slow >= 250);
    expect(heard).toEqual({ fast: 250, slow: 250 });
  });

  it('reports branches that join again and stand still, with the option that helps', async () => {
    const clock = new VirtualClock();
    const bot = graph('inside', { clock });
    const [direct, kept] = tee(tone(), { branches: 2 });
    const inputs = { direct: { source: direct!, capacityMs: 200 }, kept: kept!.pipe(fade({ outMs: 2_000 })) };
    bot.from(mix({ sampleRate: 16_000, timing: 'inputs', inputs })).to(toFrames());
    const done = bot.run();
    await clock.advance(12_000);
    expect(bot.inspect().problems.join()).toMatch(/branch 0 to take some of the 200 ms.*raise capacityMs/);
    bot.abort();
    await done.catch(() => {});
    expect(clock.timers).toBe(0);
  });

  it('reads nothing while no branch wants a frame', async () => {
    const [one, two] = tee(tone(), { branches: 2, capacityMs: 1_000 });
    let heard = 0;
    const room = new CreditContext(detachedContext(), { isOpen: () => heard < 3 });
    const listen = (frame: AudioFrame) => {
      heard++;
      frame.close();
    };
    withContext(room, () => one!.subscribe(listen));
    withContext(room, () => two!.subscribe(listen));
    await turns(() => heard >= 3);
    expect(heard).toBeLessThanOrEqual(4);
  });
});
