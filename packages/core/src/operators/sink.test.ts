import { of, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { AudioFrame } from '../media/audio-frame.ts';
import { micros } from '../time/units.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { type ActorContext, detachedContext } from './actor-context.ts';
import { NODE } from './node-spec.ts';
import { createSink } from './sink.ts';
import type { SinkWriter } from './sink-writer.ts';

const frameAt = (index: number) =>
  new AudioFrame({ samples: new Int16Array(160), sampleRate: 8_000, channels: 1, timestamp: micros(index * 20_000) });
const frames = (count: number) => Array.from({ length: count }, (_, i) => frameAt(i));
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A writer that notes what it got; each write takes until `next()` is called, or no time at all. */
function noting(slow = false) {
  const written: number[] = [];
  const log: string[] = [];
  let release = () => {};
  const writer: SinkWriter<AudioFrame, number> = {
    write: (frame) => {
      written.push(frame.timestamp / 20_000);
      frame.close();
      if (!slow) return;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    },
    end: () => {
      log.push('end');
      return written.length;
    },
    abort: (reason) => {
      log.push(`abort ${reason.message}`);
    },
  };
  const next = async () => {
    release();
    await settled();
  };
  return { writer, written, log, next };
}

/** A context that counts holds and offers what `source` has whenever one is released, as an actor with credit does. */
function crediting(onRelease: () => void = () => {}) {
  let held = 0;
  let most = 0;
  const context: ActorContext = {
    ...detachedContext(new VirtualClock()),
    hold: () => {
      most = Math.max(most, ++held);
      return () => {
        held--;
        onRelease();
      };
    },
  };
  return { context, held: () => held, most: () => most };
}

describe('createSink', () => {
  it('writes synchronously and resolves with the result', async () => {
    const { writer, written, log } = noting();
    const open = vi.fn(() => writer);
    const sink = createSink({ name: 'test', open });
    of(...frames(3)).subscribe(sink);
    expect(written).toEqual([0, 1, 2]);
    expect(await sink.finished).toBe(3);
    expect(log).toEqual(['end']);
    expect(open).toHaveBeenCalledOnce();
  });

  it('opens and ends for an empty stream', async () => {
    const { writer, log } = noting();
    const sink = createSink({ name: 'test', open: async () => writer });
    of<AudioFrame>().subscribe(sink);
    expect(await sink.finished).toBe(0);
    expect(log).toEqual(['end']);
  });

  it('keeps what comes while it opens, and holds it', async () => {
    const { writer, written } = noting();
    const { context, held, most } = crediting();
    const sink = createSink({ name: 'test', open: async () => writer });
    sink[NODE].attach(context);
    for (const frame of frames(3)) sink.next(frame);
    expect(held()).toBe(3);
    await settled();
    expect(written).toEqual([0, 1, 2]);
    expect(held()).toBe(0);
    expect(most()).toBe(3);
  });

  it('never writes twice at a time, and holds the graph back meanwhile', async () => {
    const { writer, written, next } = noting(true);
    const { context, held } = crediting();
    const sink = createSink({ name: 'test', open: () => writer });
    sink[NODE].attach(context);
    for (const frame of frames(3)) sink.next(frame);
    sink.complete();
    expect(written).toEqual([0]);
    expect(held()).toBe(3);
    await next();
    expect(written).toEqual([0, 1]);
    await next();
    await next();
    expect(await sink.finished).toBe(3);
    expect(held()).toBe(0);
  });

  it('keeps the order when a release brings the next frame at once', async () => {
    const { writer, written, next } = noting(true);
    const more = [frameAt(2), frameAt(3), frameAt(4)];
    const { context } = crediting(() => {
      const frame = more.shift();
      if (frame !== undefined) sink.next(frame);
    });
    const sink = createSink({ name: 'test', open: () => writer });
    sink[NODE].attach(context);
    sink.next(frameAt(0));
    sink.next(frameAt(1));
    for (let i = 0; i < 5; i++) await next();
    expect(written).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps the order when frames come while the queue is emptied', async () => {
    const { writer, written } = noting();
    const more = [frameAt(3), frameAt(4)];
    const { context } = crediting(() => {
      const frame = more.shift();
      if (frame !== undefined) sink.next(frame);
    });
    const sink = createSink({ name: 'test', open: async () => writer });
    sink[NODE].attach(context);
    for (const frame of frames(3)) sink.next(frame);
    await settled();
    expect(written).toEqual([0, 1, 2, 3, 4]);
  });

  it('ends with an error when more waits than it may', async () => {
    const { writer } = noting(true);
    const sink = createSink({ name: 'slow', open: () => writer, maxQueued: 2 });
    const given = frames(5);
    for (const frame of given) sink.next(frame);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW' });
    expect(given.every((frame) => frame.closed)).toBe(true);
  });

  it('aborts the writer once when the stream fails, closes what waits and rejects', async () => {
    const { writer, log } = noting(true);
    const { context, held } = crediting();
    const sink = createSink({ name: 'test', open: () => writer });
    sink[NODE].attach(context);
    const given = frames(3);
    for (const frame of given) sink.next(frame);
    sink.error(new Error('line cut'));
    sink[NODE].abort(new Error('again'));
    await expect(sink.finished).rejects.toThrow('line cut');
    expect(log).toEqual(['abort line cut']);
    expect(given.every((frame) => frame.closed)).toBe(true);
    // The write that was under way still holds its frame.
    expect(held()).toBe(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('fails when a write %s, and takes nothing more', async (_, write) => {
    const abort = vi.fn();
    const sink = createSink<AudioFrame>({ name: 'test', open: () => ({ write, end: () => {}, abort }) });
    sink.next(frameAt(0));
    await expect(sink.finished).rejects.toThrow('disk full');
    expect(abort).toHaveBeenCalledOnce();
    const late = frameAt(1);
    sink.next(late);
    expect(late.closed).toBe(true);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no such file');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such file'))],
  ])('fails when it opens and that %s; so does its preparation', async (_, open) => {
    const sink = createSink<AudioFrame>({ name: 'test', open });
    await expect(sink[NODE].prepare?.()).rejects.toThrow('no such file');
    await expect(sink.finished).rejects.toThrow('no such file');
    const bare = createSink<AudioFrame>({ name: 'test', open });
    const frame = frameAt(0);
    of(frame).subscribe(bare);
    await expect(bare.finished).rejects.toThrow('no such file');
    expect(frame.closed).toBe(true);
  });

  it('rejects when the end fails', async () => {
    const sink = createSink<AudioFrame>({
      name: 'test',
      open: () => ({ write: (frame) => frame.close(), end: () => Promise.reject(new Error('late fault')) }),
    });
    of(frameAt(0)).subscribe(sink);
    await expect(sink.finished).rejects.toThrow('late fault');
  });

  it('aborts a writer that opens after it was given up', async () => {
    const { writer, log } = noting();
    const sink = createSink({ name: 'test', open: async () => writer });
    sink.next(frameAt(0));
    sink[NODE].abort(new Error('stop'));
    await expect(sink.finished).rejects.toThrow('stop');
    await settled();
    expect(log).toEqual(['abort the sink was aborted']);
  });

  it('reports what fails while it gives back, and rejects with the reason', async () => {
    const report = vi.fn();
    const abort = () => Promise.reject(new Error('stuck'));
    const sink = createSink<AudioFrame>({ name: 'test', open: () => ({ write: () => {}, end: () => {}, abort }) });
    sink[NODE].attach({ ...detachedContext(new VirtualClock()), report });
    sink.next(frameAt(0));
    throwError(() => new Error('line cut')).subscribe(sink as never);
    await expect(sink.finished).rejects.toThrow('line cut');
    expect(report).toHaveBeenCalledWith(new Error('stuck'));
  });

  it.each([
    ['keeps a virtual clock from running ahead of work outside', true, 1],
    ['leaves the clock to work that waits for it', false, 0],
  ])('%s', async (_, external, pending) => {
    const clock = new VirtualClock();
    const { writer, next } = noting(true);
    const sink = createSink({ name: 'test', external, open: () => writer });
    sink[NODE].attach(detachedContext(clock));
    sink.next(frameAt(0));
    expect(clock.pending).toBe(pending);
    await next();
    expect(clock.pending).toBe(0);
  });
});
