import { AudioFrame, micros, NODE, withContext } from '@sluice/core';
import { ActorDouble } from '@sluice/core/testing';
import { take } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { toFrames } from '../sinks/to-frames.ts';
import { fromFrames } from './from-frames.ts';

const frameAt = (index: number) =>
  new AudioFrame({ samples: new Int16Array(160), sampleRate: 8_000, channels: 1, timestamp: micros(index * 20_000) });
const some = (count: number) => Array.from({ length: count }, (_, i) => frameAt(i));

async function collect(frames: Iterable<AudioFrame> | AsyncIterable<AudioFrame>): Promise<AudioFrame[]> {
  const sink = toFrames<AudioFrame>();
  fromFrames(frames).subscribe(sink);
  return sink.finished;
}

describe('fromFrames', () => {
  it.each([0, 1, 5])('emits %i frames of an array, as they are', async (count) => {
    const frames = some(count);
    expect(await collect(frames)).toEqual(frames);
  });

  it('emits what generators make, synchronous and not', async () => {
    function* generate() {
      for (let i = 0; i < 3; i++) yield frameAt(i);
    }
    async function* generateLater() {
      for (let i = 0; i < 3; i++) {
        await Promise.resolve();
        yield frameAt(i);
      }
    }
    for (const frames of [generate(), generateLater()])
      expect((await collect(frames)).map((frame) => frame.timestamp)).toEqual([0, 20_000, 40_000]);
  });

  it('takes its format from an array or the options', () => {
    expect(fromFrames(some(1))[NODE].format).toEqual({ kind: 'audio', sampleRate: 8_000, channels: 1 });
    expect(fromFrames([{ kind: 'text', timestamp: micros(0) }])[NODE].format).toEqual({ kind: 'text' });
    expect(fromFrames(new Set(some(1)))[NODE].format).toBeUndefined();
    const format = { kind: 'audio', sampleRate: 48_000, channels: 2 } as const;
    expect(fromFrames(new Set(some(1)), { format })[NODE].format).toEqual(format);
  });

  it('asks for no frame before there is room', () => {
    const context = new ActorDouble({ room: false });
    const next = vi.fn(() => ({ done: false, value: frameAt(0) }) as const);
    const source = fromFrames({ [Symbol.iterator]: () => ({ next }) });
    const subscription = withContext(context, () => source.subscribe());
    expect(next).not.toHaveBeenCalled();
    subscription.unsubscribe();
  });

  it.each([0, 3])('returns the iterator once when it is left after %i frames', (count) => {
    let returned = 0;
    function* generate() {
      try {
        for (let i = 0; ; i++) yield frameAt(i);
      } finally {
        returned++;
      }
    }
    let frames = 0;
    fromFrames(generate())
      .pipe(take(count + 1))
      .subscribe(() => frames++);
    expect([frames, returned]).toEqual([count + 1, 1]);
  });

  it('passes on what an iterator throws, without returning it', async () => {
    const fail = () => {
      throw new Error('no more');
    };
    const finish = vi.fn();
    await expect(collect({ [Symbol.iterator]: () => ({ next: fail, return: finish }) })).rejects.toThrow('no more');
    async function* generate() {
      yield frameAt(0);
      throw new Error('no more');
    }
    await expect(collect(generate())).rejects.toThrow('no more');
    expect(finish).not.toHaveBeenCalled();
  });

  it('emits at the timestamps with live, also when they do not start at 0', async () => {
    const context = new ActorDouble();
    const arrivals: number[] = [];
    withContext(context, () =>
      fromFrames(some(8).slice(3), { live: true }).subscribe(() => arrivals.push(context.clock.now())),
    );
    await context.clock.run();
    expect(arrivals).toEqual([0, 20, 40, 60, 80]);
  });

  it('catches up with a short stall and starts anew after a long one', async () => {
    for (const [stall, expected] of [
      [100, [100, 100, 100, 100, 100, 120, 140]],
      [500, [500, 520, 540, 560, 580, 600, 620]],
    ] as const) {
      const context = new ActorDouble();
      const arrivals: number[] = [];
      withContext(context, () =>
        fromFrames(late(stall, context), { live: true, external: false }).subscribe(() =>
          arrivals.push(context.clock.now()),
        ),
      );
      await context.clock.run();
      expect(arrivals.slice(1)).toEqual(expected);
    }
  });

  it.each([undefined, 7, {}, 'text'])('refuses %o at once', (frames) => {
    expect(() => fromFrames(frames as never)).toThrow(TypeError);
  });
});

/** Eight frames, the second of which comes `ms` late. */
async function* late(ms: number, context: ActorDouble): AsyncGenerator<AudioFrame> {
  yield frameAt(0);
  await new Promise<void>((resolve) => context.clock.at(ms, resolve));
  yield* some(8).slice(1);
}
