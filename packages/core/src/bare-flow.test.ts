import { filter, map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AudioFrame } from './audio-frame.ts';
import { createOperator } from './operator.ts';
import { createSink } from './sink.ts';
import { pullSource, pushSource } from './source.ts';
import { micros } from './time.ts';

const frameAt = (index: number) =>
  new AudioFrame({ samples: new Int16Array(160), sampleRate: 8_000, channels: 1, timestamp: micros(index * 20_000) });

/** A source far longer than a sink's queue, and a sink that takes a turn of the loop for each frame. */
function slowCopy(count: number) {
  const seen = { read: 0, written: [] as number[], furthest: 0 };
  const source = pullSource({ name: 'source' }, () => ({
    read: () => (seen.read < count ? frameAt(seen.read++) : null),
  }));
  const sink = createSink<AudioFrame, number>({
    name: 'sink',
    maxQueued: 100,
    open: async () => ({
      write: async (frame) => {
        seen.furthest = Math.max(seen.furthest, seen.read - seen.written.length);
        seen.written.push(frame.timestamp / 20_000);
        await new Promise((resolve) => setImmediate(resolve));
      },
      end: () => seen.written.length,
    }),
  });
  return { seen, source, sink };
}

const pass = () =>
  createOperator<AudioFrame, AudioFrame>({ name: 'pass' }, (destination) => ({
    next: (frame) => destination.next(frame),
  }));

describe('a chain without a graph', () => {
  it('lets a slow sink hold a source back', async () => {
    const { source, sink, seen } = slowCopy(2_000);
    source.subscribe(sink);
    expect(await sink.finished).toBe(2_000);
    expect(seen.furthest).toBeLessThan(60);
    expect(seen.written).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
  });

  it("does so through our operators and RxJS's", async () => {
    const { source, sink, seen } = slowCopy(2_000);
    source
      .pipe(
        map((frame) => frame),
        pass(),
        filter((frame) => frame.timestamp % 40_000 === 0),
      )
      .subscribe(sink);
    expect(await sink.finished).toBe(1_000);
    expect(seen.furthest).toBeLessThan(1_100);
  });

  it('lets a sink say how many frames it holds, and tells it whether media comes in its own time', async () => {
    const copy = async (source: typeof pull | typeof push) => {
      const seen = { paced: false, furthest: 0, read: 0, written: 0 };
      const sink = createSink<AudioFrame>({
        name: 'sink',
        maxHeld: 2,
        open: (context) => ({
          write: async () => {
            seen.furthest = Math.max(seen.furthest, seen.read - seen.written);
            seen.paced = context.paced;
            await new Promise((resolve) => setImmediate(resolve));
            seen.written++;
          },
          end: () => {},
        }),
      });
      source(seen).subscribe(sink);
      await sink.finished;
      return seen;
    };
    const pull = (seen: { read: number }) =>
      pullSource({ name: 'pull' }, () => ({ read: () => (seen.read < 100 ? frameAt(seen.read++) : null) }));
    const push = (seen: { read: number }) =>
      pushSource<AudioFrame>({ name: 'push' }, (destination) => {
        while (seen.read < 100) destination.next(frameAt(seen.read++));
        destination.complete();
        return () => {};
      });
    expect(await copy(pull)).toEqual({ paced: false, furthest: 2, read: 100, written: 100 });
    expect(await copy(push)).toMatchObject({ paced: true, written: 100 });
  });

  it('lets go of a source whose sink has failed', async () => {
    let stopped = false;
    const source = pushSource<AudioFrame>({ name: 'source', live: true }, (destination) => {
      destination.next(frameAt(0));
      return () => {
        stopped = true;
      };
    });
    const write = () => {
      throw new Error('the device is gone');
    };
    const sink = createSink<AudioFrame, void>({ name: 'sink', open: () => ({ write, end: () => {} }) });
    const subscription = source.subscribe(sink);
    await expect(sink.finished).rejects.toThrow('the device is gone');
    await Promise.resolve();
    expect(stopped).toBe(true);
    expect(subscription.closed).toBe(true);
  });

  it('says so when a source cannot wait', async () => {
    const { sink } = slowCopy(0);
    for (let i = 0; i < 200; i++) sink.next(frameAt(i));
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW' });
  });
});
