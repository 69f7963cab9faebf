import { take } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AudioFrame } from '../media/audio-frame.ts';
import { type Micros, micros } from '../time/units.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { type ActorContext, detachedContext, withContext } from './actor-context.ts';
import { type Puller, pullSource, pushSource } from './source.ts';

const frameAt = (index: number) =>
  new AudioFrame({ samples: new Int16Array(160), sampleRate: 8_000, channels: 1, timestamp: micros(index * 20_000) });

/** A puller over frames with the given indexes that counts what is done to it. */
function counted(count: number, wrap: (frame: AudioFrame) => AudioFrame | Promise<AudioFrame> = (frame) => frame) {
  const seen = { reads: 0, closes: 0 };
  const puller: Puller<AudioFrame> = {
    read: () => (seen.reads < count ? wrap(frameAt(seen.reads++)) : null),
    close: () => {
      seen.closes++;
    },
  };
  return { puller, seen };
}

/** A context whose room is opened by hand. */
function gated(room: number) {
  let credits = room;
  let waiting: (() => void) | undefined;
  const clock = new VirtualClock();
  const context: ActorContext = {
    ...detachedContext(clock),
    get hasRoom() {
      return credits > 0;
    },
    whenRoom: (callback) => {
      if (credits > 0) callback();
      else waiting = callback;
      return () => {
        waiting = undefined;
      };
    },
  };
  return {
    clock,
    context,
    take: () => credits--,
    give: (more: number) => {
      credits += more;
      const callback = waiting;
      waiting = undefined;
      callback?.();
    },
    waits: () => waiting !== undefined,
  };
}

const spec = { name: 'test' };
const ended = (subscribe: (done: () => void) => void) => new Promise<void>((resolve) => subscribe(resolve));

describe('pullSource', () => {
  it('emits synchronously what can be read synchronously, and closes once', () => {
    // Else a machine that stands still meanwhile gives the event loop its turn.
    const still = vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => still.mockRestore());
    const { puller, seen } = counted(5);
    const timestamps: Micros[] = [];
    const complete = vi.fn();
    pullSource(spec, () => puller).subscribe({ next: (frame) => timestamps.push(frame.timestamp), complete });
    expect(timestamps).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
    expect(complete).toHaveBeenCalledOnce();
    expect(seen.closes).toBe(1);
  });

  it('completes empty', () => {
    const { puller, seen } = counted(0);
    const complete = vi.fn();
    pullSource(spec, () => puller).subscribe({ complete });
    expect(complete).toHaveBeenCalledOnce();
    expect(seen.closes).toBe(1);
  });

  it('reads on only after the last promise has settled, in order', async () => {
    let open = 0;
    const { puller } = counted(20, async (frame) => {
      expect(++open).toBe(1);
      await Promise.resolve();
      open--;
      return frame;
    });
    const timestamps: Micros[] = [];
    await ended((done) =>
      pullSource(spec, async () => puller).subscribe({
        next: (frame) => timestamps.push(frame.timestamp),
        complete: done,
      }),
    );
    expect(timestamps).toEqual(Array.from({ length: 20 }, (_, i) => i * 20_000));
  });

  it('reads nothing while there is no room, and goes on when there is', () => {
    const gate = gated(2);
    const { puller, seen } = counted(5);
    const next = vi.fn(() => gate.take());
    withContext(gate.context, () => pullSource(spec, () => puller).subscribe({ next }));
    expect(seen.reads).toBe(2);
    gate.give(1);
    expect(seen.reads).toBe(3);
    expect(seen.closes).toBe(0);
    gate.give(10);
    expect(next).toHaveBeenCalledTimes(5);
    expect(seen.closes).toBe(1);
  });

  it('does not stall when room appears while it asks for it', () => {
    const gate = gated(0);
    let looks = 0;
    // Full at the look, free at the question: a downstream thread may drain between the two.
    const context: ActorContext = {
      ...gate.context,
      get hasRoom() {
        return ++looks % 2 === 0;
      },
      whenRoom: (callback) => {
        callback();
        return () => {};
      },
    };
    const { puller } = counted(5);
    const complete = vi.fn();
    withContext(context, () => pullSource(spec, () => puller).subscribe({ complete }));
    expect(complete).toHaveBeenCalledOnce();
  });

  it('forgets to wait for room when it is unsubscribed', () => {
    const gate = gated(0);
    const { puller, seen } = counted(5);
    const subscription = withContext(gate.context, () => pullSource(spec, () => puller).subscribe());
    expect(gate.waits()).toBe(true);
    subscription.unsubscribe();
    expect(gate.waits()).toBe(false);
    expect(seen).toEqual({ reads: 0, closes: 1 });
  });

  it.each([
    ['synchronous', (frame: AudioFrame) => frame],
    ['asynchronous', async (frame: AudioFrame) => frame],
  ])('gives the event loop its turn in an endless %s run', async (_, wrap) => {
    const { puller } = counted(Number.POSITIVE_INFINITY, wrap);
    let longest = 0;
    let last = performance.now();
    let timers = 0;
    const subscription = pullSource(spec, () => puller).subscribe({ next: () => {} });
    await new Promise<void>((resolve) => {
      const look = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (++timers === 20) resolve();
        else setImmediate(look);
      };
      setImmediate(look);
    });
    subscription.unsubscribe();
    // Without turns this never gets here; the bound only has to be far from the test's own time limit.
    expect(longest).toBeLessThan(1_000);
  });

  it('passes on a read that throws or rejects, and closes', async () => {
    for (const read of [
      () => {
        throw new Error('broken');
      },
      () => Promise.reject(new Error('broken')),
    ]) {
      const close = vi.fn();
      const error = await new Promise((resolve) =>
        pullSource(spec, () => ({ read, close })).subscribe({ error: resolve }),
      );
      expect(error).toEqual(new Error('broken'));
      expect(close).toHaveBeenCalledOnce();
    }
  });

  it('passes on an open that throws or rejects', async () => {
    const failures = [
      () => {
        throw new Error('no such file');
      },
      () => Promise.reject(new Error('no such file')),
    ];
    for (const open of failures) {
      const error = await new Promise((resolve) => pullSource(spec, open).subscribe({ error: resolve }));
      expect(error).toEqual(new Error('no such file'));
    }
  });

  it('closes what is opened after it was unsubscribed', async () => {
    const { puller, seen } = counted(5);
    let opened!: () => void;
    const opening = new Promise<Puller<AudioFrame>>((resolve) => {
      opened = () => resolve(puller);
    });
    pullSource(spec, () => opening)
      .subscribe()
      .unsubscribe();
    opened();
    await opening;
    await Promise.resolve();
    expect(seen).toEqual({ reads: 0, closes: 1 });
  });

  it('closes a frame that arrives after it was unsubscribed', async () => {
    const late = frameAt(0);
    let arrive!: () => void;
    const read = () =>
      new Promise<AudioFrame>((resolve) => {
        arrive = () => resolve(late);
      });
    const next = vi.fn();
    pullSource(spec, () => ({ read }))
      .subscribe({ next })
      .unsubscribe();
    arrive();
    await new Promise((resolve) => setImmediate(resolve));
    expect(late.closed).toBe(true);
    expect(next).not.toHaveBeenCalled();
  });

  it('stops inside a run when the subscriber has enough', () => {
    const { puller, seen } = counted(100);
    const next = vi.fn();
    pullSource(spec, () => puller)
      .pipe(take(3))
      .subscribe(next);
    expect(next).toHaveBeenCalledTimes(3);
    expect(seen).toEqual({ reads: 3, closes: 1 });
  });

  it.each([
    ['stops a virtual clock while it reads', undefined, 1],
    ['lets it go on if the read may wait for it', false, 0],
  ])('%s', (_, external, pending) => {
    const clock = new VirtualClock();
    const puller = { read: () => new Promise<null>(() => {}), ...(external === undefined ? {} : { external }) };
    withContext(detachedContext(clock), () => pullSource(spec, () => puller).subscribe());
    expect(clock.pending).toBe(pending);
  });

  it('reports a close that fails', async () => {
    const clock = new VirtualClock();
    const report = vi.fn();
    const close = () => Promise.reject(new Error('stuck'));
    withContext({ ...detachedContext(clock), report }, () =>
      pullSource(spec, () => ({ read: () => null, close })).subscribe(),
    );
    await clock.settle();
    expect(report).toHaveBeenCalledWith(new Error('stuck'));
  });
});

describe('pushSource', () => {
  it('says that it is live, gives the context and tears down once', () => {
    const teardown = vi.fn();
    const context = detachedContext(new VirtualClock());
    const source = pushSource<AudioFrame>(spec, (destination, given) => {
      expect(given).toBe(context);
      destination.next(frameAt(0));
      destination.complete();
      return teardown;
    });
    const next = vi.fn();
    withContext(context, () => source.subscribe({ next })).unsubscribe();
    expect(next).toHaveBeenCalledOnce();
    expect(teardown).toHaveBeenCalledOnce();
  });

  it('closes what is pushed after its end, also when that comes of what it pushed', () => {
    const clock = new VirtualClock();
    const [first, second] = [frameAt(0), frameAt(1)];
    const source = pushSource<AudioFrame>(spec, (destination) => {
      let cancel = clock.at(20, () => {
        cancel = clock.at(40, () => destination.next(frameAt(2)));
        destination.next(first);
        destination.next(second);
      });
      return () => cancel();
    });
    const taken: AudioFrame[] = [];
    const subscription = source.subscribe((frame) => {
      taken.push(frame);
      subscription.unsubscribe();
    });
    return clock.advance(100).then(() => {
      expect(taken).toEqual([first]);
      expect([first.closed, second.closed, clock.timers]).toEqual([false, true, 0]);
      first.close();
    });
  });
});
