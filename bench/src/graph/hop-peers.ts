import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AudioFrame, type Micros } from '@sluice/core';
import { map, Observable } from 'rxjs';

/** Passes `count` frames, the given ones over and over, through `hops` steps that do nothing. Returns milliseconds. */
export type PassFrames = (frames: readonly AudioFrame[], count: number, hops: number) => Promise<number>;

/** Frames of 20 ms, 48 kHz mono. */
export function testFrames(): AudioFrame[] {
  return Array.from(
    { length: 64 },
    (_, index) =>
      new AudioFrame({
        samples: new Int16Array(960),
        sampleRate: 48_000,
        channels: 1,
        timestamp: (index * 20_000) as Micros,
        epoch: 1,
      }),
  );
}

export const rxjsMs: PassFrames = (frames, count, hops) =>
  timed(count, async (seen) => {
    let stream = new Observable<AudioFrame>((destination) => {
      for (let i = 0; i < count; i++) destination.next(frames[i % frames.length]!);
      destination.complete();
    });
    for (let hop = 0; hop < hops; hop++) stream = stream.pipe(map((frame) => frame));
    stream.subscribe(seen);
  });

export const asyncGeneratorsMs: PassFrames = (frames, count, hops) =>
  timed(count, async (seen) => {
    async function* step(source: AsyncIterable<AudioFrame>): AsyncIterable<AudioFrame> {
      for await (const frame of source) yield frame;
    }
    async function* from(): AsyncIterable<AudioFrame> {
      for (let i = 0; i < count; i++) yield frames[i % frames.length]!;
    }
    let stream = from();
    for (let hop = 0; hop < hops; hop++) stream = step(stream);
    for await (const frame of stream) seen(frame);
  });

export const nodeStreamsMs: PassFrames = (frames, count, hops) =>
  timed(count, async (seen) => {
    let read = 0;
    const source = new Readable({
      objectMode: true,
      read() {
        this.push(read < count ? frames[read++ % frames.length]! : null);
      },
    });
    const steps = Array.from(
      { length: hops },
      () => new Transform({ objectMode: true, transform: (frame, _, done) => done(null, frame) }),
    );
    const sink = new Writable({
      objectMode: true,
      write(frame: AudioFrame, _, done) {
        seen(frame);
        done();
      },
    });
    await pipeline([source, ...steps, sink]);
  });

export const webStreamsMs: PassFrames = (frames, count, hops) =>
  timed(count, async (seen) => {
    let read = 0;
    let stream = new ReadableStream<AudioFrame>({
      pull(controller) {
        if (read < count) controller.enqueue(frames[read++ % frames.length]!);
        else controller.close();
      },
    });
    for (let hop = 0; hop < hops; hop++) stream = stream.pipeThrough(new TransformStream<AudioFrame, AudioFrame>());
    await stream.pipeTo(new WritableStream<AudioFrame>({ write: (frame) => seen(frame) }));
  });

async function timed(count: number, run: (seen: (frame: AudioFrame) => void) => Promise<void>): Promise<number> {
  let seen = 0;
  const start = performance.now();
  await run(() => {
    seen++;
  });
  const elapsed = performance.now() - start;
  if (seen !== count) throw new Error(`of ${count} frames ${seen} arrived`);
  return elapsed;
}
