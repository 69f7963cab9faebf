import type { AudioFrame } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { receiveOver } from '../src/links/from-subject.ts';
import { sendOver } from '../src/links/to-subject.ts';
import { encodeFrame } from '../src/links/wire/encode-frame.ts';
import { At, MessageKind } from '../src/links/wire/layout.ts';
import { OutgoingMemory } from '../src/links/wire/outgoing-memory.ts';
import { partsOf } from '../src/links/wire/parts.ts';
import { type Credit, decodeCredit, encodeBye, encodeCredit } from '../src/links/wire/receiver-notes.ts';
import { type Beat, decodeBeat, encodeBeat, encodeFailure } from '../src/links/wire/sender-notes.ts';
import { MemoryNetwork } from './memory-wire.ts';
import { Ears, joined, numbered, numberedFrame } from './numbered-sound.ts';

const FAR = 2 ** 53 - 1;
const WINDOW = 16;
const whole = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What a side of a link said last, and a way to say it again with a change. */
class Forger {
  readonly #network: MemoryNetwork;
  #forging = false;
  #cut = false;
  #beat: Beat = { session: 0, receiver: 0, sequence: 0, epoch: 0, voids: 0, ended: false };
  #credit: Credit = {
    session: 0,
    receiver: 0,
    taken: 0,
    voids: 0,
    frames: 64,
    bytes: 1e6,
    together: 0,
    media: 0,
    done: false,
  };

  constructor(network: MemoryNetwork) {
    this.#network = network;
    network.loses = (subject, message) => {
      if (this.#forging) return false;
      if (message[At.kind] === MessageKind.beat) this.#beat = decodeBeat(message);
      if (message[At.kind] === MessageKind.credit) this.#credit = decodeCredit(message);
      return this.#cut && subject === 'x.frames';
    };
  }

  /** By whom a sender is known. */
  get session(): number {
    return this.#beat.session;
  }

  beat(change: Partial<Beat>): void {
    this.#say('x.frames', encodeBeat({ ...this.#beat, ...change }));
  }

  credit(change: Partial<Credit>): void {
    this.#say('x.credit', encodeCredit({ ...this.#credit, ...change }));
  }

  bye(change: Partial<Credit>): void {
    this.#say('x.credit', encodeBye({ ...this.#credit, ...change }));
  }

  frame(sequence: number, session = this.#beat.session, epoch = 0): void {
    this.#say('x.frames', frameOf(session, sequence, epoch));
  }

  part(session: number): void {
    for (const part of partsOf(frameOf(session, 0, 0), 200)) this.#say('x.frames', part);
  }

  otherVersion(): void {
    this.#say('x.frames', encodeBeat(this.#beat).fill(2, At.version, At.version + 1));
  }

  failure(session: number): void {
    this.#say('x.frames', encodeFailure(session, { code: 'X', message: 'y' }));
  }

  /** Nothing of the sender comes any more, or again. */
  cut(is: boolean): void {
    this.#cut = is;
  }

  #say(subject: string, message: Uint8Array): void {
    this.#forging = true;
    this.#network.wire.publish(subject, message);
    this.#forging = false;
  }
}

function frameOf(session: number, sequence: number, epoch: number): Uint8Array {
  const stamp = { session, sequence, epoch, voids: 0, gap: undefined };
  return encodeFrame(numberedFrame(7_777), stamp, new OutgoingMemory(), 1e6);
}

/** A link in virtual time, and one more who may speak on its subjects. */
function overheard({ count = 50, open = true, live = false } = {}) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork();
  const forger = new Forger(network);
  const ears = new Ears(open);
  let cuts = 0;
  const onInterrupt = () => void cuts++;
  const source = receiveOver<AudioFrame>(network.wire, 'x', { windowFrames: WINDOW, onInterrupt });
  const sink = sendOver<AudioFrame>(network.wire, 'x', { onInterrupt });
  const receiver = joined('near', source, ears.sink, { clock });
  const sender = joined('far', numbered(count, clock, live), sink, { clock });
  return { clock, network, forger, ears, source, sink, receiver, sender, cuts: () => cuts };
}

describe('what another one says in the name of a side', () => {
  it.each<[string, (forger: Forger) => void, number, number]>([
    ['a frame far ahead', (forger) => forger.frame(FAR), 1, 0],
    ['a frame some windows ahead', (forger) => forger.frame(1_000), 1, 0],
    ['a beat far ahead', (forger) => forger.beat({ sequence: FAR }), 1, 0],
    ['a frame of before, of another epoch', (forger) => forger.frame(1, forger.session, 9), 1, 0],
    ['a beat of before', (forger) => forger.beat({ sequence: 1 }), 0, 0],
    ['a frame of nobody', (forger) => forger.frame(16, 0), 1, 0],
    ['parts of nobody', (forger) => forger.part(0), 4, 0],
    ['a failure of nobody', (forger) => forger.failure(0), 1, 0],
    ['a beat of another version', (forger) => forger.otherVersion(), 1, 0],
    ['credit without end', (forger) => forger.credit({ taken: FAR, frames: 2 ** 32 - 1, bytes: 2 ** 32 - 1 }), 0, 0],
    ['credit for nothing', (forger) => forger.credit({ frames: 0, bytes: 0 }), 0, 0],
    ['credit for another session', (forger) => forger.credit({ session: 99, taken: FAR }), 0, 0],
    ['credit that is older', (forger) => forger.credit({ taken: 0, voids: 0, media: 0 }), 0, 0],
    ['an end of nobody', (forger) => forger.bye({ receiver: 0, done: true }), 0, 1],
  ])('%s: all is heard, and nothing is lost or interrupted', async (_, forge, atReceiver, atSender) => {
    const { clock, forger, ears, source, sink, receiver, sender, cuts } = overheard();
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.advance(300);
    forge(forger);
    await clock.run({ until: runs });
    await runs;
    expect(ears.numbers).toEqual(whole(50));
    expect(source.figures).toMatchObject({ lostFrames: 0, voidFrames: 0, refused: atReceiver });
    expect(sink.figures).toMatchObject({ lostFrames: 0, refused: atSender });
    expect(cuts()).toBe(0);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('credit for %d of media is refused and told', async (media) => {
    const { clock, forger, ears, sink, receiver, sender } = overheard();
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.advance(300);
    forger.credit({ media });
    await clock.advance(20);
    expect(sender.inspect().nodes.at(-1)).toMatchObject({ errors: 1, lastErrorCode: 'SLUICE_REMOTE_FRAME' });
    await clock.run({ until: runs });
    await runs;
    expect(ears.numbers).toEqual(whole(50));
    expect(sink.figures.refused).toBe(1);
  });

  it('credit for more media than was sent: no more is told as heard', async () => {
    const { clock, forger, sink, receiver, sender } = overheard();
    const runs = [receiver.run(), sender.run()].map((run) => run.catch(() => {}));
    await clock.advance(310);
    forger.credit({ media: 1e300 });
    await clock.advance(5);
    const { heardMs } = await sender.interrupt();
    expect(heardMs).toBe(sink.figures.frames * 20);
    await Promise.all([sender.abort(), receiver.abort(), ...runs]);
  });

  it('before there is a receiver: nothing is sent to nobody', async () => {
    const { clock, forger, ears, sink, receiver, sender } = overheard({ count: 8 });
    const sent = sender.run();
    await clock.advance(100);
    forger.credit({ session: forger.session, receiver: 0 });
    await clock.advance(100);
    expect(sink.figures).toMatchObject({ frames: 0, connections: 0, refused: 1 });
    const runs = Promise.all([receiver.run(), sent]);
    await clock.run({ until: runs });
    await runs;
    expect(ears.numbers).toEqual(whole(8));
  });

  it('before there is a sender: nothing is heard of nobody, and nothing fails', async () => {
    const { clock, forger, ears, source, receiver, sender } = overheard();
    const received = receiver.run();
    await clock.advance(100);
    forger.frame(0, 0);
    forger.failure(0);
    forger.beat({ session: 0 });
    await clock.advance(100);
    expect(source.figures).toMatchObject({ frames: 0, connections: 0, refused: 3 });
    const runs = Promise.all([received, sender.run()]);
    await clock.run({ until: runs });
    await runs;
    expect(ears.numbers).toEqual(whole(50));
  });

  it('credit that the receiver has not given, again and again: it keeps one window, and tells the rest as lost', async () => {
    const { clock, forger, ears, source, sink, receiver, sender } = overheard({ count: 400, open: false });
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.advance(2_000);
    const before = source.figures.frames;
    for (let time = 0; time < 100; time++) {
      forger.credit({ taken: 10_000, frames: 4_096 });
      await clock.advance(20);
    }
    expect(source.figures.frames).toBe(before);
    expect(source.figures.lostFrames).toBeGreaterThan(50);
    expect(receiver.inspect().nodes[0]).toMatchObject({ lastErrorCode: 'SLUICE_REMOTE_FRAME' });
    ears.go();
    await clock.run({ until: runs });
    await runs;
    expect(ears.numbers.at(-1)).toBe(399);
    expect(source.figures.frames + source.figures.lostFrames).toBe(sink.figures.frames);
  });

  it('credit that brings a sender too far ahead while nothing of it comes: they find each other again', async () => {
    const { clock, forger, ears, source, sink, receiver, sender } = overheard({ count: 500 });
    const runs = Promise.all([receiver.run(), sender.run()]);
    await clock.advance(300);
    forger.cut(true);
    for (let time = 0; time < 100; time++) {
      forger.credit({ taken: 10_000, frames: 4_096 });
      await clock.advance(20);
    }
    forger.cut(false);
    await clock.run({ until: runs });
    await runs;
    expect(source.figures).toMatchObject({ connections: 2 });
    expect(source.figures.lostFrames).toBeGreaterThan(4 * WINDOW);
    expect(source.figures.frames + source.figures.lostFrames).toBe(sink.figures.frames);
    expect(ears.numbers.at(-1)).toBe(499);
  });

  it('a network that is lost for good: a sender that has nothing to say just now shows it at once', async () => {
    const { clock, network, receiver, sender } = overheard({ count: 3, live: true });
    const runs = [receiver.run(), sender.run()].map((run) => run.catch(() => {}));
    await clock.advance(300);
    network.lose(new Error('closed for good'));
    expect(sender.inspect().nodes.at(-1)).toMatchObject({
      errors: 1,
      lastError: expect.stringContaining('closed for good'),
    });
    await sender.abort();
    await Promise.all(runs);
  });
});
