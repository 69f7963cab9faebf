import type { AudioFrame } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { receiveOver } from '../src/links/from-subject.ts';
import type { LinkWire } from '../src/links/link-wire.ts';
import { sendOver } from '../src/links/to-subject.ts';
import { At, MessageKind, MOST_TOGETHER } from '../src/links/wire/layout.ts';
import { MemoryNetwork } from './memory-wire.ts';
import { Ears, joined, numbers } from './numbered-sound.ts';

const COUNT = 200;
/** A header and 20 ms at 16 kHz. */
const FRAME_BYTES = 64 + 640;
const all = Array.from({ length: COUNT }, (_, index) => index);

/** A link whose sender makes as many frames in a turn as it has room for; what either side says may be changed on its way. */
async function link(change: (message: Uint8Array) => Uint8Array = (message) => message) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork();
  const lengths: number[] = [];
  network.loses = (_, message) => {
    if (message[At.kind] === MessageKind.audio) lengths.push(message.length);
    return false;
  };
  const wire: LinkWire = {
    ...network.wire,
    mostBytes: network.mostBytes,
    connected: true,
    publish: (subject, message) => network.wire.publish(subject, change(message)),
  };
  const ears = new Ears();
  const source = receiveOver<AudioFrame>(wire, 'x');
  const receiver = joined('near', source, ears.sink, { clock });
  const sender = joined('far', numbers(COUNT), sendOver<AudioFrame>(wire, 'x'), { clock });
  const runs = Promise.all([receiver.run(), sender.run()]);
  await clock.run({ until: runs });
  await runs;
  return { numbers: ears.numbers, figures: source.figures, lengths, node: receiver.inspect().nodes[0] };
}

/** Changes the first message of several frames. */
function once(change: (message: Uint8Array) => Uint8Array): (message: Uint8Array) => Uint8Array {
  let done = false;
  return (message) => {
    if (done || message[At.kind] !== MessageKind.audio || message.length < 2 * FRAME_BYTES) return message;
    done = true;
    return change(message);
  };
}

it('frames that are made in one turn cross as one message, in order', async () => {
  const { numbers, figures, lengths } = await link();
  expect(numbers).toEqual(all);
  expect(figures).toMatchObject({ frames: COUNT, bytes: COUNT * FRAME_BYTES, lostFrames: 0, refused: 0 });
  expect(lengths.length).toBeLessThan(COUNT / 4);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(MOST_TOGETHER);
});

it('a receiver that does not say that it takes them so is sent each by itself', async () => {
  const { numbers, lengths } = await link((message) =>
    message[At.kind] === MessageKind.credit ? message.slice(0, 40) : message,
  );
  expect(numbers).toEqual(all);
  expect(new Set(lengths)).toEqual(new Set([FRAME_BYTES]));
});

it('one that makes no sense takes none of the others along', async () => {
  const { numbers, figures, node } = await link(
    once((message) => message.slice().fill(0, FRAME_BYTES + At.format, FRAME_BYTES + At.format + 1)),
  );
  expect(numbers).toHaveLength(COUNT - 1);
  expect(figures).toMatchObject({ frames: COUNT - 1, lostFrames: 1, lostMs: 20, refused: 1 });
  expect(node).toMatchObject({ lastErrorCode: 'SLUICE_REMOTE_FRAME' });
});

it('what is cut off is lost and told, and what was before it is heard', async () => {
  const { numbers, figures } = await link(once((message) => message.slice(0, FRAME_BYTES + 9)));
  expect(numbers[0]).toBe(0);
  expect(numbers.at(-1)).toBe(COUNT - 1);
  expect(figures).toMatchObject({ lostFrames: COUNT - numbers.length, refused: 1 });
  expect(figures.lostFrames).toBeGreaterThan(0);
});

it('more in one message than the receiver said is refused as a whole', async () => {
  const { figures, node } = await link(
    once((message) => Buffer.concat(Array.from({ length: Math.ceil(MOST_TOGETHER / FRAME_BYTES) }, () => message))),
  );
  expect(figures.refused).toBe(1);
  expect(node).toMatchObject({ lastError: expect.stringContaining('a message of several remote frames is too long') });
});
