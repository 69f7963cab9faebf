import { type AudioFrame, isSluiceError, type Micros, pullSource, withContext } from '@sluice/core';
import { frameObserver } from '@sluice/core/testing';
import { from, NEVER, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames, joined, largestStep, ramp, sine } from '../../test/ramp-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { switchTo } from './switch-to.ts';
import { tee } from './tee.ts';

operatorChecklist('switchTo', {
  make: () => (source) => switchTo({ inputs: { one: source }, format: { sampleRate: 16_000, channels: 1 } }),
  produces: () => ({ sampleRate: 16_000, channels: 1 }),
  outputLength: (input, { sampleRate }) => Math.round((input * 16_000) / sampleRate),
});
operatorChecklist('tee', { make: () => (source) => tee(source, { branches: 1 })[0]! });

const open = new Set<object>();
beforeEach(() => {
  open.clear();
  frameObserver.current = { opened: (frame) => open.add(frame), closed: (frame) => open.delete(frame) };
});
afterEach(() => {
  frameObserver.current = undefined;
});

function live(crossFadeMs: number) {
  const a = new Subject<AudioFrame>();
  const b = new Subject<AudioFrame>();
  const line = switchTo({ inputs: { a, b }, crossFadeMs });
  const seen: AudioFrame[] = [];
  const state = { completed: false, error: undefined as unknown };
  const context = new TestContext();
  const subscription = withContext(context, () =>
    line.subscribe({
      next: (frame) => {
        seen.push(frame);
        frame.close();
      },
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.completed = true;
      },
    }),
  );
  return { a, b, line, seen, state, context, subscription };
}

describe('switchTo between inputs of other rates', () => {
  const wide = (index: number, value: number, init: Parameters<typeof frameAt>[3] = {}) =>
    frameAt(index * 960, 960, () => value, { sampleRate: 48_000, ...init });
  const setup = () => {
    const context = new TestContext();
    const [a, b] = [new Subject<AudioFrame>(), new Subject<AudioFrame>()];
    const seen: AudioFrame[] = [];
    const line = switchTo({ inputs: { a, b }, crossFadeMs: 0, format: { sampleRate: 16_000, channels: 1 } });
    withContext(context, () =>
      line.subscribe((frame) => {
        seen.push(frame);
        frame.close();
      }),
    );
    return { context, a, b, line, seen };
  };

  it('gives the tail of a sentence when the chosen input pauses', async () => {
    const { context, a, seen } = setup();
    for (let index = 0; index < 10; index++) {
      a.next(wide(index, 10_000));
      await context.clock.advance(20);
    }
    await context.clock.advance(40);
    expect(joined(seen)).toHaveLength(10 * 320);
    expect(context.clock.timers).toBe(0);
  });

  it('gives it before a gap, and nothing of it after', () => {
    const { a, seen } = setup();
    for (let index = 0; index < 10; index++) a.next(wide(index, 10_000));
    a.next(wide(20, 0, { gap: { duration: 200_000 as Micros, reason: 'source' } }));
    const marked = seen.findIndex(({ gap }) => gap !== undefined);
    expect(joined(seen.slice(0, marked))).toHaveLength(10 * 320);
    expect(joined(seen.slice(marked)).every((sample) => sample === 0)).toBe(true);
    expect(seen[marked]!.timestamp).toBe(400_000);
  });

  it('plays nothing of what an input said when it was listened to last', () => {
    const { a, b, line, seen } = setup();
    for (let index = 0; index < 10; index++) a.next(wide(index, 10_000));
    line.select('b');
    for (let index = 0; index < 10; index++) b.next(wide(index, 0));
    line.select('a');
    const before = seen.length;
    for (let index = 10; index < 20; index++) a.next(wide(index, 0));
    expect(joined(seen.slice(before)).every((sample) => sample === 0)).toBe(true);
  });
});

describe('switchTo', () => {
  it('passes the chosen input and drops the others', () => {
    const { a, b, line, seen } = live(0);
    a.next(frameAt(0, 320, () => 1));
    b.next(frameAt(0, 320, () => 2));
    line.select('b');
    a.next(frameAt(320, 320, () => 1));
    b.next(frameAt(320, 320, () => 2));
    a.next(frameAt(640, 320, () => 1));
    expect(seen.map(({ samples, timestamp }) => [samples[0], timestamp])).toEqual([
      [1, 0],
      [1, 20_000],
      [2, 40_000],
    ]);
    expect(line.selected).toBe('b');
    expect(open.size).toBe(0);
  });

  it('cross-fades without a click and without losing time', () => {
    const { a, b, line, seen } = live(50);
    const tone = sine(200, 12_000);
    for (let index = 0; index < 10; index++) {
      if (index === 3) line.select('b');
      a.next(frameAt(index * 320, 320, tone));
      b.next(frameAt(index * 320, 320, (at) => -tone(at)));
    }
    const samples = joined(seen);
    expect(samples.length).toBeGreaterThanOrEqual(3_200);
    expect(largestStep(samples)).toBeLessThan(1_800);
    const last = frameAt(9 * 320, 320, (at) => -tone(at));
    last.close();
    expect(seen.at(-1)!.samples).toEqual(last.samples);
    for (const [index, frame] of seen.entries()) expect(frame.timestamp).toBe(index * 20_000);
    expect(open.size).toBe(0);
  });

  it('keeps the loudness of unlike signals while it fades', () => {
    const { a, b, line, seen } = live(100);
    line.select('b');
    for (let index = 0; index < 6; index++) {
      a.next(frameAt(index * 320, 320, sine(300, 10_000)));
      b.next(frameAt(index * 320, 320, sine(700, 10_000)));
    }
    const middle = joined(seen).subarray(640, 1_280);
    const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
    expect(Math.sqrt(power)).toBeGreaterThan(6_400);
    expect(Math.sqrt(power)).toBeLessThan(7_900);
  });

  it('fades to an input whose former has ended, and does not wait for it', () => {
    const { a, b, line, seen, state } = live(50);
    a.next(frameAt(0, 320, () => 10_000));
    line.select('b');
    a.complete();
    b.next(frameAt(0, 320, () => 5_000));
    expect(seen).toHaveLength(2);
    expect(state.completed).toBe(false);
    b.complete();
    expect(state.completed).toBe(true);
  });

  it('lets inputs that can be asked wait until they are chosen', async () => {
    const read = { music: 0, speech: 0 };
    const asked = (name: 'music' | 'speech', count: number) =>
      pullSource<AudioFrame>({ name }, () => ({
        read: () => (read[name] === count ? null : frameAt(read[name]++ * 320, 320, () => (name === 'music' ? 1 : 2))),
      }));
    const context = new TestContext();
    const line = switchTo({ inputs: { music: asked('music', 1_000), speech: asked('speech', 30) }, crossFadeMs: 40 });
    withContext(context, () =>
      line.subscribe((frame) => {
        context.setRoom(false);
        frame.close();
      }),
    );
    for (let turn = 0; turn < 9; turn++) {
      context.setRoom(true);
      // A source that was asked lets the event loop have its turn where the machine is slow.
      await context.clock.settle();
    }
    expect(read).toEqual({ music: 10, speech: 0 });
    expect(context.send({ type: 'switch-to', input: 'speech' })).toBe(true);
    for (let turn = 0; turn < 50; turn++) {
      context.setRoom(true);
      await context.clock.settle();
    }
    expect(read.speech).toBe(30);
    expect(read.music).toBeLessThan(15);
    expect(open.size).toBe(0);
  });

  it('counts gaps in its time, and drops what waits on an interruption', () => {
    const { a, b, line, seen, context, subscription } = live(50);
    a.next(frameAt(0, 320));
    a.next(frameAt(320, 320, ramp, { gap: { duration: 40_000 as Micros, reason: 'overflow' } }));
    expect(seen.map(({ timestamp }) => timestamp)).toEqual([0, 60_000]);
    line.select('b');
    b.next(frameAt(0, 320));
    context.interrupt();
    expect(context.droppedMicros).toBe(20_000);
    expect(open.size).toBe(0);
    b.next(frameAt(320, 320));
    b.next(frameAt(320, 320, ramp, { epoch: 1 }));
    expect(seen).toHaveLength(3);
    subscription.unsubscribe();
    expect(a.observed || b.observed).toBe(false);
  });

  it('fails with an input, and refuses options at once', () => {
    let error: unknown;
    switchTo({ inputs: { a: NEVER, b: throwError(() => 'gone') } }).subscribe({
      error: (reason: unknown) => {
        error = reason;
      },
    });
    expect(error).toBe('gone');
    expect(() => switchTo({ inputs: {} })).toThrow(TypeError);
    expect(() => switchTo({ inputs: { a: 4 as never } })).toThrow(/switchTo.inputs.a/);
    expect(() => switchTo({ inputs: { a: NEVER }, initial: 'b' })).toThrow(/one of: a/);
    expect(() => switchTo({ inputs: { a: NEVER }, crossFadeMs: -1 })).toThrow(RangeError);
  });
});

describe('tee', () => {
  it('gives every branch every frame, without copying samples', () => {
    const list = frames(3);
    const samples = list.map((frame) => frame.samples);
    const branches = tee(from(list), { branches: 3 });
    const seen: AudioFrame[][] = [[], [], []];
    for (const [index, branch] of branches.entries()) branch.subscribe((frame) => seen[index]!.push(frame));
    for (const frames of seen) expect(frames.map((frame) => frame.samples)).toEqual(samples);
    expect(seen[0]![0]!.samples).toBe(seen[2]![0]!.samples);
    for (const frame of seen.flat()) frame.close();
    expect(open.size).toBe(0);
  });

  it('gives pooled memory back when the last branch has closed', () => {
    let released = 0;
    const frame = frameAt(0, 320, ramp, { release: () => released++ });
    const [one, two] = tee(from([frame]), { branches: 2 });
    const kept: AudioFrame[] = [];
    one!.subscribe((given) => kept.push(given));
    two!.subscribe((given) => given.close());
    expect(released).toBe(0);
    kept[0]!.close();
    expect(released).toBe(1);
  });

  it('holds the source back for a branch without room, and no further than its bound', async () => {
    let read = 0;
    const source = pullSource<AudioFrame>({ name: 'asked' }, () => ({
      read: () => (read === 50 ? null : frameAt(read++ * 320, 320)),
    }));
    const slow = new TestContext();
    slow.setRoom(false);
    const counts = [0, 0];
    const branches = tee(source, { branches: 2 });
    const take = (index: number) => (frame: AudioFrame) => {
      counts[index]!++;
      frame.close();
    };
    branches[0]!.subscribe(take(0));
    withContext(slow, () => branches[1]!.subscribe(take(1)));
    // 200 ms wait for the branch without room.
    while (read < 10) await slow.clock.settle();
    await slow.clock.settle();
    expect(read).toBe(10);
    expect(counts).toEqual([10, 0]);
    slow.setRoom(true);
    while (read < 50) await slow.clock.settle();
    await slow.clock.settle();
    expect(counts).toEqual([50, 50]);
  });

  it('drops the oldest in one branch and leaves a gap, or fails that branch only', () => {
    for (const onFull of ['drop-oldest', 'block'] as const) {
      const source = new Subject<AudioFrame>();
      const [fast, slow] = tee(source, { branches: 2, capacityMs: 100, onFull });
      const context = new TestContext();
      const seen: AudioFrame[] = [];
      let count = 0;
      let error: unknown;
      fast!.subscribe((frame) => {
        count++;
        frame.close();
      });
      withContext(context, () =>
        slow!.subscribe({
          next: (frame) => seen.push(frame),
          error: (reason: unknown) => {
            error = reason;
          },
        }),
      );
      context.setRoom(false);
      for (const frame of frames(8)) source.next(frame);
      context.setRoom(true);
      expect(count).toBe(8);
      if (onFull === 'block') {
        expect(isSluiceError(error) && error.code).toBe('SLUICE_CHAIN_OVERFLOW');
        expect(open.size).toBe(0);
      } else {
        expect(seen.map(({ timestamp }) => timestamp / 1000)).toEqual([60, 80, 100, 120, 140]);
        expect(seen[0]!.gap).toEqual({ duration: 60_000, reason: 'overflow' });
        for (const frame of seen) frame.close();
      }
    }
  });

  it('lets branches leave one by one, and the source with the last', () => {
    const source = new Subject<AudioFrame>();
    const branches = tee(source, { branches: 2 });
    const subscriptions = branches.map((branch) => branch.subscribe((frame) => frame.close()));
    subscriptions[0]!.unsubscribe();
    expect(source.observed).toBe(true);
    source.next(frameAt(0, 320));
    subscriptions[1]!.unsubscribe();
    expect(source.observed).toBe(false);
    expect(open.size).toBe(0);
  });

  it('refuses options and a second subscription', () => {
    expect(() => tee(NEVER, { branches: 0 })).toThrow(RangeError);
    expect(() => tee(undefined as never, { branches: 1 })).toThrow(TypeError);
    const [branch] = tee(NEVER, { branches: 1 });
    branch!.subscribe();
    let error: unknown;
    branch!.subscribe({
      error: (reason: unknown) => {
        error = reason;
      },
    });
    expect(error).toMatchObject({ code: 'SLUICE_SUBSCRIBED_TWICE' });
  });
});
