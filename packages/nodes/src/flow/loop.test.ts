import { type AudioFrame, withContext } from '@sluice/core';
import { defer, EMPTY, from, type Observable, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames, joined } from '../../test/ramp-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { type LoopOptions, loop } from './loop.ts';

operatorChecklist('loop once', { make: () => loop({ count: 1 }), interruptible: false });
operatorChecklist('loop from memory', {
  make: () => loop({ count: 3 }),
  outputLength: (input) => 3 * input,
  keepsFormatOrder: false,
  keepsGaps: false,
  interruptible: false,
  except: { 'keeps no more the longer it runs': 'it keeps what it repeats, up to its limit' },
});

async function run(source: Observable<AudioFrame>, options: LoopOptions) {
  const context = new TestContext();
  const state = { seen: [] as AudioFrame[], error: undefined as unknown, completed: false };
  withContext(context, () =>
    source.pipe(loop(options)).subscribe({
      next: (frame) => state.seen.push(frame),
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.completed = true;
      },
    }),
  );
  await context.clock.run();
  return state;
}

describe('loop', () => {
  for (const kind of ['memory', 'source'] as const)
    it(`repeats from ${kind}, with timestamps that go on`, async () => {
      const source = defer(() => from(frames(2)));
      const { seen, completed } = await run(source, { count: 3, from: kind });
      expect(completed).toBe(true);
      expect(joined(seen)).toEqual(joined([...frames(2), ...frames(2), ...frames(2)]));
      expect(seen.map(({ timestamp }) => timestamp)).toEqual([0, 20_000, 40_000, 60_000, 80_000, 100_000]);
    });

  it('repeats for ever until somebody leaves, and drifts nowhere', async () => {
    const source = from(frames(1, 333, undefined, { sampleRate: 44_100 }));
    const context = new TestContext();
    let last = 0;
    let count = 0;
    withContext(context, () =>
      source.pipe(loop(), take(10_001)).subscribe((frame) => {
        count++;
        last = frame.timestamp;
      }),
    );
    await context.clock.run();
    expect(count).toBe(10_001);
    expect(last).toBe(Math.round((10_000 * 333 * 1_000_000) / 44_100));
  });

  it('plays only while there is room', async () => {
    const context = new TestContext();
    context.setRoom(false);
    let count = 0;
    const subscription = withContext(context, () =>
      from(frames(2))
        .pipe(loop())
        .subscribe(() => {
          count++;
          if (count === 7) context.setRoom(false);
        }),
    );
    expect(count).toBe(2);
    context.setRoom(true);
    await context.clock.settle();
    expect(count).toBe(7);
    subscription.unsubscribe();
  });

  it('repeats a stream whose format changes in the middle', async () => {
    const stereo = { sampleRate: 48_000, channels: 2 };
    const { seen } = await run(from([...frames(1), frameAt(960, 960, undefined, stereo)]), { count: 2 });
    expect(seen.map(({ sampleRate, timestamp }) => [sampleRate, timestamp])).toEqual([
      [16_000, 0],
      [48_000, 20_000],
      [16_000, 40_000],
      [48_000, 60_000],
    ]);
  });

  it('ends at once when there is nothing to repeat', async () => {
    expect((await run(EMPTY, {})).completed).toBe(true);
    expect((await run(EMPTY, { from: 'source' })).completed).toBe(true);
  });

  it('fails when the stream is too long to keep', async () => {
    const { error } = await run(from(frames(10)), { maxKeptMs: 100 });
    expect(error).toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', message: expect.stringContaining('loop') });
  });

  it('fails when the source cannot be played again', async () => {
    const once = new Subject<AudioFrame>();
    const running = run(once, { from: 'source' });
    once.next(frames(1)[0]!);
    once.complete();
    expect((await running).error).toMatchObject({ code: 'SLUICE_LOOP_SOURCE' });
  });

  it('refuses options at once', () => {
    expect(() => loop({ count: 0 })).toThrow(RangeError);
    expect(() => loop({ count: 1.5 })).toThrow(TypeError);
    expect(() => loop({ from: 'air' as never })).toThrow(TypeError);
  });
});
