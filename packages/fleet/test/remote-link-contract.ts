import {
  type AudioFrame,
  type Frame,
  micros,
  pullSource,
  type Source,
  type VideoFrame,
  videoFrame,
} from '@sluice/core';
import { expect, it } from 'vitest';
import { receiveOver } from '../src/links/from-subject.ts';
import type { LinkWire } from '../src/links/link-wire.ts';
import { sendOver } from '../src/links/to-subject.ts';
import { encodeFrame } from '../src/links/wire/encode-frame.ts';
import { At } from '../src/links/wire/layout.ts';
import { OutgoingMemory } from '../src/links/wire/outgoing-memory.ts';
import { Ears, joined, numberedFrame, numbers } from './numbered-sound.ts';

/** Two processes' wires of one network, and a way to wait until something is so. */
export interface LinkTrial {
  readonly far: LinkWire;
  readonly near: LinkWire;
  until(is: () => boolean, what: string): Promise<void>;
}

const fault = (code: string) => expect.objectContaining({ code });
let links = 0;
const newName = () => `test.links.l${links++}`;

/** What every network has to give to links, and links to graphs. */
export function remoteLinkContract(trial: () => LinkTrial): void {
  it('carries sound to its end, in order, with what each frame says of itself', async () => {
    const { far, near } = trial();
    const name = newName();
    const ears = new Ears();
    const said = pullSource<AudioFrame>({ name: 'said' }, () => {
      let next = 0;
      return {
        read: () =>
          next === 200
            ? null
            : numberedFrame(next++).move({
                ...(next === 3 ? { gap: { duration: micros(40_000), reason: 'overflow' as const } } : {}),
                utterance: next < 100 ? 'greeting' : ['a', 'b'],
              }),
      };
    });
    const sink = sendOver<AudioFrame>(far, name);
    const source = receiveOver<AudioFrame>(near, name);
    await Promise.all([joined('near', source, ears.sink).run(), joined('far', said, sink).run()]);
    expect(ears.numbers).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect(ears.frames.map(({ timestamp }) => timestamp)).toEqual(ears.numbers.map((number) => number * 20_000));
    expect(ears.frames.map(({ gap }) => gap?.duration).filter(Boolean)).toEqual([40_000]);
    expect([ears.frames[2]!.gap?.reason, ears.frames[5]!.utterance, ears.frames[150]!.utterance]).toEqual([
      'overflow',
      'greeting',
      ['a', 'b'],
    ]);
    expect(sink.figures).toMatchObject({ frames: 200, lostFrames: 0, refused: 0, connections: 1 });
    expect(source.figures).toEqual(sink.figures);
  });

  it('passes over what another one publishes, tells each fault once, counts all, and loses nothing', async () => {
    const { far, near, until } = trial();
    const name = newName();
    const ears = new Ears(false);
    const sink = sendOver<AudioFrame>(far, name);
    const source = receiveOver<AudioFrame>(near, name, { maxFrameBytes: 2_048 });
    const receiver = joined('near', source, ears.sink);
    const runs = [receiver.run(), joined('far', numbers(100), sink).run()];
    await until(() => ears.frames.length > 0, 'the first frame was heard');
    const stamp = { session: 77, sequence: 0, epoch: 0, voids: 0, gap: undefined };
    const frame = encodeFrame(numberedFrame(0), stamp, new OutgoingMemory(), 1e6);
    const large = encodeFrame(
      numberedFrame(0).move({ utterance: 'x'.repeat(2_000) }),
      stamp,
      new OutgoingMemory(),
      1e6,
    );
    const bad = [
      new Uint8Array(0),
      new TextEncoder().encode('none of a link'),
      frame.slice().fill(2, At.version, At.version + 1),
      frame.subarray(0, 40),
      frame.subarray(0, -2),
      large,
    ];
    for (let round = 0; round < 3; round++) for (const message of bad) far.publish(`${name}.frames`, message);
    // What stands before the first semicolon is the fault: the first two are one.
    await until(() => source.figures.refused === 3 * bad.length, 'all of it was counted');
    ears.go();
    await Promise.all(runs);
    expect(ears.numbers).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(source.figures).toMatchObject({ frames: 100, lostFrames: 0, refused: 3 * bad.length });
    expect(receiver.inspect().nodes[0]).toMatchObject({
      errors: bad.length - 1,
      lastErrorCode: 'SLUICE_REMOTE_FRAME',
      lastError: expect.stringMatching(/too large; expected at most 2048 bytes; received 27/),
    });
  });

  it('carries pictures and data', async () => {
    const { far, near } = trial();
    const pictures = [1, 2].map((value) =>
      videoFrame({
        data: new Uint8Array(24).fill(value),
        width: 4,
        height: 4,
        format: 'I420',
        timestamp: micros(value * 40_000),
        duration: micros(40_000),
      }),
    );
    const seen = await passed<VideoFrame>(far, near, pictures, 'video');
    expect(seen.map(({ data, timestamp, format }) => [data[7], timestamp, format])).toEqual([
      [1, 40_000, 'I420'],
      [2, 80_000, 'I420'],
    ]);
    for (const frame of seen) frame.close();
    const notes = [
      { kind: 'text', timestamp: micros(0), text: 'Grüße', marks: [1, { deep: null }] },
    ] as unknown as Frame[];
    expect(await passed(far, near, notes, 'text')).toEqual([expect.objectContaining(notes[0]!)]);
  });

  it('carries pictures that are larger than a message may be, whole', async () => {
    const { far, near } = trial();
    const size = { width: 1_280, height: 720, format: 'I420' } as const;
    const bytes = (value: number) =>
      Buffer.alloc(
        1_382_400,
        Uint8Array.from({ length: 253 }, (_, at) => (at * value) % 253),
      );
    const pictures = [3, 5, 7].map((value) =>
      videoFrame({ ...size, data: bytes(value), timestamp: micros(value * 40_000), duration: micros(40_000) }),
    );
    expect(far.mostBytes).toBeLessThan(bytes(1).length);
    const seen = await passed<VideoFrame>(far, near, pictures, 'video');
    for (const [index, value] of [3, 5, 7].entries()) expect(Buffer.compare(seen[index]!.data, bytes(value))).toBe(0);
    expect(seen.map(({ gap }) => gap)).toEqual([undefined, undefined, undefined]);
    for (const frame of seen) frame.close();
  });

  it('holds the sender back where the receiver has no room, and keeps what a receiver comes late for', async () => {
    const { far, near, until } = trial();
    const name = newName();
    let read = 0;
    const source = pullSource<AudioFrame>({ name: 'counted' }, () => ({
      read: () => (read === 300 ? null : numberedFrame(read++)),
    }));
    const sender = joined('far', source, sendOver(far, name)).run();
    await until(() => read > 0, 'the source is read');
    const ears = new Ears(false);
    const receiver = joined('near', receiveOver<AudioFrame>(near, name, { windowFrames: 8 }), ears.sink).run();
    await until(() => ears.frames.length === 1 && read >= 20, 'the window is full');
    // A link of 16 each, the window, and one frame in each hand.
    expect(read).toBeLessThan(50);
    ears.go();
    await Promise.all([sender, receiver]);
    expect(ears.numbers).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  it('goes on with a receiver that comes back, and tells it of the gap', async () => {
    const { far, near, until } = trial();
    const name = newName();
    const first = new Ears(false);
    const one = joined('near', receiveOver<AudioFrame>(near, name, { windowFrames: 8 }), first.sink);
    const sink = sendOver<AudioFrame>(far, name);
    const sender = joined('far', numbers(100), sink).run();
    const gone = one.run();
    await until(() => sink.figures.frames >= 24, 'the receiver is full');
    await one.abort();
    await gone.catch(() => {});
    await until(() => sink.figures.lostFrames > 0, 'the receiver is gone');
    const second = new Ears();
    await Promise.all([joined('again', receiveOver<AudioFrame>(near, name), second.sink).run(), sender]);
    const [begin] = second.numbers;
    expect(second.numbers).toEqual(Array.from({ length: 100 - begin! }, (_, index) => begin! + index));
    expect(second.frames[0]!.gap).toEqual({ duration: sink.figures.lostMs * 1_000, reason: 'disconnected' });
    expect(sink.figures.connections).toBe(2);
  });

  it('makes void what is on its way when the graph of the sender is interrupted', async () => {
    const { far, near, until } = trial();
    const name = newName();
    const ears = new Ears(false);
    let told = 0;
    const onInterrupt = () => {
      told++;
      void receiver.interrupt();
    };
    const receiver = joined('near', receiveOver<AudioFrame>(near, name, { windowFrames: 8, onInterrupt }), ears.sink);
    const sink = sendOver<AudioFrame>(far, name);
    const sender = joined('far', numbers(120), sink);
    const runs = [receiver.run(), sender.run()];
    await until(() => sink.figures.frames >= 24, 'the receiver is full');
    const { droppedMs } = await sender.interrupt();
    const atCut = sink.figures.frames;
    expect(droppedMs).toBeGreaterThan(0);
    await until(() => told === 1, 'the receiver is told');
    ears.go();
    await Promise.all(runs);
    // What its ears had before, and nothing else of what was made before.
    expect(ears.numbers.filter((number) => number < atCut)).toEqual([0]);
    expect(ears.numbers.at(-1)).toBe(119);
    expect(told).toBe(1);
  });

  it('makes void what is on its way when the graph of the receiver is interrupted', async () => {
    const { far, near, until } = trial();
    const name = newName();
    const ears = new Ears(false);
    const receiver = joined('near', receiveOver<AudioFrame>(near, name, { windowFrames: 8 }), ears.sink);
    let told = 0;
    const onInterrupt = () => {
      told++;
      void sender.interrupt();
    };
    const sink = sendOver<AudioFrame>(far, name, { onInterrupt });
    const sender = joined('far', numbers(120), sink);
    const runs = [receiver.run(), sender.run()];
    await until(() => sink.figures.frames >= 24, 'the receiver is full');
    const atCut = sink.figures.frames;
    await receiver.interrupt();
    ears.go();
    await Promise.all(runs);
    expect(ears.numbers.filter((number) => number < atCut)).toEqual([0]);
    expect(ears.numbers.at(-1)).toBe(119);
    expect(told).toBe(1);
  });

  it('fails the source where the sender fails: SLUICE_REMOTE_LINK_FAILED', async () => {
    const { far, near, until } = trial();
    const name = newName();
    const ears = new Ears();
    const source = receiveOver<AudioFrame>(near, name);
    const receiver = joined('near', source, ears.sink).run();
    const sender = joined('far', numbers(), sendOver<AudioFrame>(far, name));
    const sent = sender.run().catch((error: unknown) => error);
    await until(() => source.figures.frames > 0, 'something came');
    await sender.abort();
    await expect(receiver).rejects.toMatchObject({
      code: 'SLUICE_REMOTE_LINK_FAILED',
      message: expect.stringContaining('SLUICE_ABORTED'),
    });
    await sent;
  });

  it('refuses a second sender and a second receiver, and the first ones go on: SLUICE_REMOTE_LINK_REFUSED', async () => {
    const { far, near, until } = trial();
    const name = newName();
    const ears = new Ears();
    const source = receiveOver<AudioFrame>(near, name);
    const receiver = joined('near', source, ears.sink);
    const held = pullSource<AudioFrame>({ name: 'held' }, () => {
      let next = 0;
      return { external: false, read: () => (next < 5 ? numberedFrame(next++) : new Promise<null>(() => {})) };
    });
    const first = joined('first', held, sendOver<AudioFrame>(far, name));
    const runs = [receiver.run(), first.run()].map((run) => run.catch(() => {}));
    await until(() => source.figures.frames === 5, 'the first ones have found each other');
    const others = new Ears();
    for (const other of [
      () => joined('other ears', receiveOver<AudioFrame>(near, name), others.sink),
      () => joined('second', numbers(), sendOver<AudioFrame>(far, name)),
    ]) {
      const refused: unknown[] = [];
      void other()
        .run()
        .catch((error: unknown) => refused.push(error));
      await until(() => refused.length > 0, 'it is refused');
      expect(refused).toEqual([fault('SLUICE_REMOTE_LINK_REFUSED')]);
    }
    expect([ears.numbers, others.numbers]).toEqual([[0, 1, 2, 3, 4], []]);
    expect(source.figures.connections).toBe(1);
    await Promise.all([receiver.abort(), first.abort()]);
    await Promise.all(runs);
  });
}

/** Sends frames from one graph to another and gives what came. */
async function passed<F extends Frame>(
  far: LinkWire,
  near: LinkWire,
  frames: readonly F[],
  kind: string,
): Promise<F[]> {
  const name = newName();
  const got: F[] = [];
  const left = [...frames];
  const source = pullSource<F>({ name: 'given' }, () => ({ read: () => left.shift() ?? null }));
  const receiver = joined('near', receiveOver<F>(near, name, { kind }) as Source<F>, {
    next: (frame: F) => void got.push(frame),
  });
  await Promise.all([receiver.run(), joined('far', source, sendOver<F>(far, name)).run()]);
  return got;
}
