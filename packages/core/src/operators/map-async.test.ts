import { concatMap, delay, from, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AudioFrame } from '../media/audio-frame.ts';
import { frameObserver } from '../media/frame-observer.ts';
import { sleep } from '../time/clock.ts';
import { samplesToMicros } from '../time/units.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { detachedContext, type Interruption, withContext } from './actor-context.ts';
import { bounded } from './bounded.ts';
import { mapAsync } from './map-async.ts';
import { pullSource } from './source.ts';

const open = new Set<object>();

beforeEach(() => {
  open.clear();
  frameObserver.current = { opened: (frame) => open.add(frame), closed: (frame) => open.delete(frame) };
});
afterEach(() => {
  frameObserver.current = undefined;
});

function frame(index: number, epoch = 0): AudioFrame {
  const samples = new Int16Array(320).fill(index);
  return new AudioFrame({
    samples,
    sampleRate: 16_000,
    channels: 1,
    epoch,
    timestamp: samplesToMicros(index * 320, 16_000),
  });
}

/** A context with counted holds and an interruption at hand. */
function actor() {
  const clock = new VirtualClock();
  const listeners = new Set<(interruption: Interruption) => void>();
  const state = { held: 0, most: 0, dropped: 0, epoch: 0, clock };
  const context = {
    ...detachedContext(clock),
    hold: () => {
      state.most = Math.max(state.most, ++state.held);
      return release;
    },
    onInterrupt: (listener: (interruption: Interruption) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const release = () => {
    state.held--;
  };
  const interrupt = () => {
    state.epoch++;
    const dropped = (duration: number) => {
      state.dropped += duration;
    };
    for (const listener of listeners)
      listener({ epoch: state.epoch, fadeMs: 5, dropped, heard: () => {}, wait: () => {} });
  };
  return { state, context, interrupt, clock, listeners };
}

/** A source that counts how far it was read. */
function counted(count: number) {
  const state = { read: 0 };
  const source = pullSource<AudioFrame>({ name: 'counted' }, () => ({
    read: () => (state.read < count ? frame(state.read++) : null),
  }));
  return { source, state };
}

describe('mapAsync', () => {
  it('emits results in order, whatever order the promises settle in', async () => {
    const { context, clock, state } = actor();
    const seen: number[] = [];
    let completed = false;
    const work = mapAsync<AudioFrame, AudioFrame>(
      async (given) => {
        await sleep(clock, 50 - given.samples[0]! * 10);
        return given;
      },
      { maxInFlight: 4, tracked: false },
    );
    withContext(context, () =>
      from([0, 1, 2, 3, 4].map((index) => frame(index)))
        .pipe(work)
        .subscribe({
          next: (result) => {
            seen.push(result.samples[0]!);
            result.close();
          },
          complete: () => {
            completed = true;
          },
        }),
    );
    await clock.advance(1_000);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(completed).toBe(true);
    expect(state.held).toBe(0);
    expect(open.size).toBe(0);
  });

  it('holds a source that can be asked back, outside a graph too', async () => {
    const { context, clock, state } = actor();
    const { source, state: read } = counted(20);
    let done = 0;
    const work = mapAsync<AudioFrame, AudioFrame>(
      async (given) => {
        expect(read.read - done).toBeLessThanOrEqual(2);
        await sleep(clock, 10);
        return given;
      },
      { maxInFlight: 2, tracked: false },
    );
    withContext(context, () =>
      source.pipe(work).subscribe((result) => {
        done++;
        result.close();
      }),
    );
    await clock.advance(1_000);
    expect(done).toBe(20);
    expect(state.most).toBe(2);
    expect(state.held).toBe(0);
  });

  it('is an error, and no queue without bound, when the source cannot wait', () => {
    const { context } = actor();
    let error: unknown;
    const work = mapAsync<AudioFrame, AudioFrame>(() => new Promise(() => {}), { maxQueued: 2, name: 'classify' });
    withContext(context, () =>
      from([0, 1, 2, 3].map((index) => frame(index)))
        .pipe(work)
        .subscribe({
          error: (reason: unknown) => {
            error = reason;
          },
        }),
    );
    expect(error).toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', message: expect.stringContaining('classify') });
    expect(open.size).toBe(1);
  });

  it('passes a rejection and a throw on as the stream error', async () => {
    for (const project of [
      () => Promise.reject(new Error('no')),
      () => {
        throw new Error('no');
      },
    ]) {
      let error: unknown;
      const { context, clock, state } = actor();
      withContext(context, () =>
        from([frame(0)])
          .pipe(mapAsync<AudioFrame, AudioFrame>(project))
          .subscribe({
            error: (reason: unknown) => {
              error = reason;
            },
          }),
      );
      await clock.settle();
      expect(error).toMatchObject({ message: 'no' });
      expect(state.held).toBe(0);
    }
  });

  it('aborts and drops the calls of an interrupted epoch', async () => {
    const { context, clock, interrupt, state, listeners } = actor();
    const source = new Subject<AudioFrame>();
    const signals: AbortSignal[] = [];
    const seen: number[] = [];
    const work = mapAsync<AudioFrame, AudioFrame>(
      async (given, signal) => {
        signals.push(signal);
        await sleep(clock, 10);
        return given;
      },
      { tracked: false },
    );
    const subscription = withContext(context, () =>
      source.pipe(work).subscribe((result) => {
        seen.push(result.samples[0]!);
        result.close();
      }),
    );
    source.next(frame(1));
    source.next(frame(2));
    interrupt();
    expect(signals[0]?.aborted).toBe(true);
    expect(state.held).toBe(0);
    expect(state.dropped).toBe(20_000);
    source.next(frame(3, 1));
    await clock.advance(100);
    expect(seen).toEqual([3]);
    expect(open.size).toBe(0);
    subscription.unsubscribe();
    expect(listeners.size).toBe(0);
  });

  it('refuses options at once', () => {
    expect(() => mapAsync(undefined as never)).toThrow(TypeError);
    expect(() => mapAsync(async (given: AudioFrame) => given, { maxInFlight: 0 })).toThrow(RangeError);
    expect(() => mapAsync(async (given: AudioFrame) => given, { maxQueued: 1.5 })).toThrow(TypeError);
  });
});

describe('bounded', () => {
  it('holds the source back while frames are inside', async () => {
    const { context, clock, state } = actor();
    const { source, state: read } = counted(10);
    let done = 0;
    const slow = concatMap(async (given: AudioFrame) => {
      expect(read.read - done).toBeLessThanOrEqual(3);
      await sleep(clock, 0);
      return given;
    });
    withContext(context, () =>
      source.pipe(bounded(slow, { maxInFlight: 3 })).subscribe((result) => {
        done++;
        result.close();
      }),
    );
    for (let turn = 0; turn < 40; turn++) await clock.advance(1);
    expect(done).toBe(10);
    expect(state.most).toBe(3);
    expect(state.held).toBe(0);
  });

  it('is an error that names the operator when the source cannot wait', () => {
    const { context } = actor();
    let error: unknown;
    withContext(context, () =>
      from([frame(0), frame(1)])
        .pipe(bounded(delay<AudioFrame>(10_000), { name: 'delay' }))
        .subscribe({
          error: (reason: unknown) => {
            error = reason;
          },
        }),
    );
    expect(error).toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', message: expect.stringContaining('delay') });
  });

  it('closes what comes out after its epoch was interrupted', () => {
    const { context, interrupt, state } = actor();
    const source = new Subject<AudioFrame>();
    const gate = new Subject<void>();
    const seen: AudioFrame[] = [];
    withContext(context, () =>
      source
        .pipe(bounded(concatMap((given: AudioFrame) => new Promise<AudioFrame>((r) => gate.subscribe(() => r(given))))))
        .subscribe((result) => seen.push(result)),
    );
    source.next(frame(1));
    interrupt();
    gate.next();
    return Promise.resolve().then(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen).toEqual([]);
      expect(open.size).toBe(0);
      expect(state.held).toBe(0);
    });
  });

  it('refuses options at once', () => {
    expect(() => bounded(undefined as never)).toThrow(TypeError);
    expect(() => bounded(delay<AudioFrame>(1), { maxInFlight: 0 })).toThrow(RangeError);
  });
});
