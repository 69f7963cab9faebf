import { type AudioFrame, type Frame, graph } from '@sluice/core';
import { seededRandom, VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { FleetConnection, fromSubject, toSubject } from '../src/index.ts';
import { receiveOver } from '../src/links/from-subject.ts';
import { sendOver } from '../src/links/to-subject.ts';
import { At, MessageKind } from '../src/links/wire/layout.ts';
import { encodeBye, encodeCredit } from '../src/links/wire/receiver-notes.ts';
import { encodeBeat, encodeFailure } from '../src/links/wire/sender-notes.ts';
import { MemoryNetwork } from './memory-wire.ts';
import { Ears, joined, numbered, numbers } from './numbered-sound.ts';

const fault = (code: string) => expect.objectContaining({ code });

/** A link in virtual time whose sender says one frame each 20 ms. */
function link({ count = 50, window = 16 } = {}) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork();
  const ears = new Ears();
  const source = receiveOver<AudioFrame>(network.wire, 'x', { windowFrames: window, live: true });
  const sink = sendOver<AudioFrame>(network.wire, 'x');
  const receiver = joined('near', source, ears.sink, { clock });
  const sender = joined('far', numbered(count, clock), sink, { clock });
  return { clock, network, ears, source, sink, receiver, sender };
}

describe('a network that loses', () => {
  it('frames: each hole is a gap of its length, and nothing waits for what is lost', async () => {
    const { clock, network, ears, source, sink, receiver, sender } = link();
    let frames = 0;
    network.loses = (_, message) => message[At.kind] === MessageKind.audio && [5, 6, 20, 49].includes(frames++);
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.run({ until: runs });
    await runs;
    const gaps = ears.frames.flatMap(({ gap, timestamp }) =>
      gap ? [[timestamp / 20_000, gap.duration, gap.reason]] : [],
    );
    expect(gaps).toEqual([
      [7, 40_000, 'disconnected'],
      [21, 20_000, 'disconnected'],
    ]);
    expect(source.figures).toMatchObject({ frames: 46, lostFrames: 4, lostMs: 60 });
    expect(sink.figures.frames).toBe(50);
  });

  it('one message of three, credit and beats as well: the link still comes to its end', async () => {
    const { clock, network, ears, source, receiver, sender } = link();
    const chance = seededRandom(3);
    network.loses = () => chance() < 0.33;
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.run({ until: runs });
    await runs;
    const [way] = sender.inspect().links;
    expect(ears.frames.length + source.figures.lostFrames + way!.droppedFrames).toBe(50);
    expect(ears.frames.length).toBeGreaterThan(10);
  });

  it('everything for a while: what waits then goes on', async () => {
    const { clock, network, ears, receiver, sender } = link({ count: 400 });
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.advance(1_000);
    network.connected = false;
    await clock.advance(3_930);
    const before = ears.frames.length;
    network.connected = true;
    // With the next frame, and not with the next beat.
    await clock.advance(60);
    expect(ears.frames.length).toBeGreaterThan(before);
    await clock.run({ until: runs });
    await runs;
    expect(ears.numbers.at(-1)).toBe(399);
    const missing = ears.frames.reduce((sum, { gap }) => sum + (gap?.duration ?? 0), 0);
    expect(missing + ears.frames.length * 20_000).toBe(400 * 20_000);
  });
});

describe('a side that goes without a word', () => {
  it('a sender: the next one goes on behind a gap as long as nobody sent', async () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork();
    const ears = new Ears();
    const source = receiveOver<AudioFrame>(network.wire, 'x');
    const receiver = joined('near', source, ears.sink, { clock });
    const first = joined('first', numbered(10, clock, true), sendOver<AudioFrame>(network.wire, 'x'), { clock });
    const runs = [receiver.run(), first.run().catch(() => {})];
    await clock.advance(400);
    // Nothing of the first one is heard any more, its end neither.
    network.loses = (subject) => subject === 'x.frames';
    await first.abort();
    await clock.advance(5_000);
    expect(receiver.inspect().problems.join()).toMatch(/hears no sender; start a graph with toSubject of x/);
    network.loses = () => false;
    const second = joined('second', numbered(10, clock), sendOver<AudioFrame>(network.wire, 'x'), { clock }).run();
    const done = Promise.all([second, runs[0]]);
    await clock.run({ until: done });
    expect(ears.numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { gap, timestamp } = ears.frames[10]!;
    expect(gap).toMatchObject({ reason: 'disconnected' });
    expect(gap!.duration).toBeGreaterThan(5_000_000);
    expect(timestamp).toBe(200_000 + gap!.duration);
    await Promise.all(runs);
  });

  it('a receiver: the sender waits for the next one; at its end it is SLUICE_REMOTE_LINK_LOST', async () => {
    const { clock, network, ears, sink, receiver, sender } = link({ count: 20, window: 32 });
    const received = receiver.run().catch(() => {});
    const run = sender.run();
    const failed = expect(run).rejects.toEqual(fault('SLUICE_REMOTE_LINK_LOST'));
    await clock.advance(100);
    network.loses = () => true;
    await clock.advance(10_000);
    await failed;
    expect(ears.frames.length).toBeLessThan(10);
    expect(sink.figures.lostFrames).toBe(20);
    await receiver.abort();
    await received;
  });

  it('the network for good: both fail with what it says', async () => {
    const { clock, network, receiver, sender } = link();
    const runs = Promise.allSettled([receiver.run(), sender.run()]);
    await clock.advance(200);
    network.lose(new Error('closed for good'));
    await clock.run({ until: runs });
    expect((await runs).map((run) => run.status === 'rejected' && (run.reason as Error).message)).toEqual([
      expect.stringContaining('closed for good'),
      expect.stringContaining('closed for good'),
    ]);
  });
});

describe('messages that are none of the link', () => {
  const bad: readonly [string, () => Uint8Array][] = [
    ['nothing', () => new Uint8Array(0)],
    ['noise', () => Uint8Array.from({ length: 99 }, (_, index) => index * 7)],
    [
      'a frame that is cut off',
      () =>
        encodeBeat({ session: 1, receiver: 0, sequence: 0, epoch: 0, voids: 0, ended: false }).fill(
          MessageKind.audio,
          2,
          3,
        ),
    ],
    [
      'a beat that is cut off',
      () => encodeBeat({ session: 1, receiver: 0, sequence: 0, epoch: 0, voids: 0, ended: false }).slice(0, 20),
    ],
    ['a failure that is not as long as it says', () => encodeFailure(1, { code: 'X', message: 'y' }).slice(0, -1)],
    ['one that is too large', () => new Uint8Array(5 * 1024 * 1024).fill(0x73, 0, 1).fill(1, 1, 3)],
  ];
  it.each(bad)('%s: counted and told as SLUICE_REMOTE_FRAME, and the link goes on', async (_, make) => {
    const { clock, network, ears, source, receiver, sender } = link({ count: 20 });
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.advance(100);
    network.wire.publish('x.frames', make());
    await clock.advance(20);
    expect(receiver.inspect().nodes[0]).toMatchObject({ errors: 1, lastErrorCode: 'SLUICE_REMOTE_FRAME' });
    await clock.run({ until: runs });
    await runs;
    expect(ears.numbers).toHaveLength(20);
    expect(source.figures).toMatchObject({ refused: 1, lostFrames: 0 });
  });

  it('to the sender as well', async () => {
    const { clock, network, sink, receiver, sender } = link({ count: 20 });
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.advance(100);
    const credit = encodeCredit({
      session: 1,
      receiver: 2,
      taken: 0,
      voids: 0,
      frames: 1,
      bytes: 1,
      together: 0,
      media: 0,
      done: false,
    });
    for (const message of [
      new Uint8Array(3),
      credit.slice(0, 30),
      encodeBye({ session: 1, receiver: 2, taken: 0, done: false }).slice(0, 9),
      credit,
    ])
      network.wire.publish('x.credit', message);
    await clock.run({ until: runs });
    await runs;
    expect(sink.figures).toMatchObject({ refused: 3, lostFrames: 0, frames: 20 });
  });

  it('a sender of another version is refused: SLUICE_REMOTE_LINK_REFUSED', async () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork();
    const old = {
      ...network.wire,
      connected: true,
      mostBytes: 1e6,
      publish: (subject: string, message: Uint8Array) =>
        network.wire.publish(subject, message.slice().fill(2, At.version, At.version + 1)),
    };
    const source = receiveOver<AudioFrame>(network.wire, 'x');
    const receiver = joined('near', source, new Ears().sink, { clock });
    const received = receiver.run().catch(() => {});
    const sent = joined('far', numbers(3), sendOver<AudioFrame>(old, 'x'), { clock }).run();
    const failed = expect(sent).rejects.toMatchObject({
      code: 'SLUICE_REMOTE_LINK_REFUSED',
      message: expect.stringContaining('another version'),
    });
    await clock.advance(1_000);
    await failed;
    expect(source.figures.refused).toBeGreaterThan(0);
    await receiver.abort();
    await received;
  });

  it('frames of another kind than the source takes are refused and leave a gap', async () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork();
    const source = receiveOver<Frame>(network.wire, 'x', { kind: 'text' });
    const got: unknown[] = [];
    const receiver = graph('near', { clock });
    receiver.from(source).to({ next: (frame) => void got.push(frame) });
    const runs = Promise.all([
      receiver.run(),
      joined('far', numbers(3), sendOver<AudioFrame>(network.wire, 'x'), { clock }).run(),
    ]);
    await clock.run({ until: runs });
    expect(got).toEqual([]);
    expect(source.figures).toMatchObject({ refused: 3, lostFrames: 3 });
  });

  it('a part of a frame that is larger than a message: the frame is lost as a whole, and told', async () => {
    const { clock, network, ears, source, receiver, sender } = link();
    network.mostBytes = 200;
    let parts = 0;
    network.loses = (_, message) => message[At.kind] === MessageKind.part && parts++ === 10;
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.run({ until: runs });
    await runs;
    expect(parts).toBeGreaterThan(100);
    expect(source.figures).toMatchObject({ frames: 49, lostFrames: 1, lostMs: 20 });
    expect(ears.frames.filter(({ gap }) => gap !== undefined).map(({ gap }) => gap)).toEqual([
      { duration: 20_000, reason: 'disconnected' },
    ]);
  });
});

describe('options', () => {
  const nats = Object.assign(Object.create(FleetConnection.prototype) as FleetConnection, {
    nats: {},
    tenant: 'main',
  });
  it.each<[string, () => unknown, string]>([
    ['no connection', () => toSubject(undefined as never, 'a'), 'SLUICE_INVALID_ARGUMENT'],
    ['an address for a connection', () => fromSubject('nats://a' as never, 'a'), 'SLUICE_INVALID_ARGUMENT'],
    ['a name that is no name', () => toSubject(nats, 'a b'), 'SLUICE_INVALID_ARGUMENT'],
    ['a name for all', () => fromSubject(nats, 'a.*'), 'SLUICE_INVALID_ARGUMENT'],
    ['a name longer than a server reads', () => toSubject(nats, `a${'.a'.repeat(2_000)}`), 'SLUICE_INVALID_ARGUMENT'],
    ['a window of no number', () => fromSubject(nats, 'a', { windowFrames: Number.NaN }), 'SLUICE_INVALID_ARGUMENT'],
    ['a window without end', () => fromSubject(nats, 'a', { windowBytes: 1 / 0 }), 'SLUICE_INVALID_ARGUMENT'],
    ['no window', () => fromSubject(nats, 'a', { windowFrames: 0 }), 'SLUICE_OUT_OF_RANGE'],
    ['an unknown key', () => toSubject(nats, 'a', { windowFrames: 1 } as object), 'SLUICE_INVALID_ARGUMENT'],
    ['no kind', () => fromSubject(nats, 'a', { kind: '' }), 'SLUICE_INVALID_ARGUMENT'],
    ['too large a window', () => fromSubject(nats, 'a', { windowFrames: 5_000 }), 'SLUICE_OUT_OF_RANGE'],
    ['half a byte', () => toSubject(nats, 'a', { maxFrameBytes: 2_000.5 }), 'SLUICE_INVALID_ARGUMENT'],
    [
      'something to be called that is none',
      () => fromSubject(nats, 'a', { onInterrupt: 1 as never }),
      'SLUICE_INVALID_ARGUMENT',
    ],
  ])('%s', (_, make, code) => {
    expect(make).toThrow(fault(code));
  });
});
