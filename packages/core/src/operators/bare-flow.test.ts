import {
  catchError,
  concat,
  concatMap,
  concatWith,
  defer,
  filter,
  map,
  merge,
  Observable,
  of,
  repeat,
  Subject,
  tap,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../media/audio-frame.ts';
import { micros } from '../time/units.ts';
import { bounded } from './bounded.ts';
import { mapAsync } from './map-async.ts';
import { createOperator } from './operator.ts';
import { createSink } from './sink.ts';
import { pullSource, pushSource } from './source.ts';

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

  const later = () => mapAsync(async (frame: AudioFrame) => frame, { maxQueued: 100 });
  const source = (count: number, reads: { read: number }) =>
    pullSource({ name: 'source' }, () => {
      let given = 0;
      return {
        read: () => {
          if (given === count) return null;
          reads.read++;
          return frameAt(given++);
        },
      };
    });

  // Each holds the source back by itself: no more is read than a few frames ahead of what is written.
  it.each<[string, (reads: { read: number }) => Observable<AudioFrame>]>([
    [
      'mapAsync and map',
      (reads) =>
        source(2_000, reads).pipe(
          later(),
          map((frame) => frame),
        ),
    ],
    ['bounded and tap', (reads) => source(2_000, reads).pipe(bounded(concatMap(async (frame) => frame)), tap())],
    ['concat of sources', (reads) => concat(source(1_000, reads), source(1_000, reads))],
    ['merge of sources', (reads) => merge(source(1_000, reads), source(1_000, reads))],
    ['concatWith behind a source', (reads) => source(1_000, reads).pipe(concatWith(source(1_000, reads)))],
    [
      'concatWith before mapAsync',
      (reads) =>
        source(1_000, reads).pipe(
          concatWith(source(1_000, reads)),
          later(),
          map((frame) => frame),
        ),
    ],
    ['repeat', (reads) => source(1_000, reads).pipe(repeat(2))],
    ['defer', (reads) => defer(() => source(2_000, reads))],
    ['an Observable of somebody else', (reads) => new Observable((end) => source(2_000, reads).subscribe(end))],
    ['concatMap to sources', (reads) => of(1, 2).pipe(concatMap(() => source(1_000, reads)))],
    [
      'catchError to a source',
      (reads) =>
        source(1, reads).pipe(
          map((): AudioFrame => {
            throw new Error('broken');
          }),
          catchError(() => source(2_000, reads)),
        ),
    ],
  ])('lets a slow sink hold a source back through %s', async (_, make) => {
    const { sink, seen } = slowCopy(0);
    make(seen).subscribe(sink);
    expect(await sink.finished).toBe(2_000);
    expect(seen.furthest).toBeLessThan(110);
  });

  it('ends a sink that is unsubscribed as the end of the stream does', async () => {
    const { sink, seen } = slowCopy(0);
    const frames = new Subject<AudioFrame>();
    let left = 0;
    const subscription = new Observable<AudioFrame>((end) => {
      end.add(() => left++);
      end.add(frames.subscribe(end));
    }).subscribe(sink);
    const given = [frameAt(0), frameAt(1), frameAt(2)];
    for (const frame of given) frames.next(frame);
    subscription.unsubscribe();
    expect(left).toBe(1);
    expect(subscription.closed).toBe(true);
    expect(frames.observed).toBe(false);
    const late = frameAt(3);
    sink.next(late);
    expect(late.closed).toBe(true);
    expect(await sink.finished).toBe(3);
    expect(seen.written).toEqual([0, 1, 2]);
  });

  it('refuses a second stream for a sink, also when the first is over', async () => {
    const { source, sink } = slowCopy(3);
    const again = expect.objectContaining({
      code: 'SLUICE_GRAPH_STATE',
      message: expect.stringContaining('Make another sink'),
    });
    source.subscribe(sink);
    expect(() => source.subscribe(sink)).toThrow(again);
    expect(() => source.pipe(pass()).subscribe(sink)).toThrow(again);
    expect(await sink.finished).toBe(3);
    expect(() => source.subscribe(sink)).toThrow(again);
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
