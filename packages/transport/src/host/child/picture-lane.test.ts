import { videoFramePool } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostPicture } from '../media-host.ts';
import { PictureLane } from './picture-lane.ts';
import { closeSharedMemory, openSharedMemory } from './shared-slots.ts';
import { WireReader } from './wire.ts';
import { decodePicture, decodeTaken, encodePictureHead, encodeTaken } from './wire-pictures.ts';

const broken = expect.objectContaining({ code: 'SLUICE_HOST_PROTOCOL' });

function grey(level: number, width = 16, height = 16): HostPicture {
  return { width, height, data: new Uint8Array(width * height * 1.5).fill(level) };
}

/** Two ends whose messages are carried over by hand. */
class TwoEnds {
  readonly received: { readonly id: number; readonly name: string; readonly level: number }[] = [];
  readonly taken: number[] = [];
  readonly near: PictureLane;
  readonly #far: PictureLane;
  readonly #toFar: Buffer[] = [];
  readonly #toNear: Buffer[] = [];

  constructor(memory: number | undefined) {
    this.near = new PictureLane({ send: memory, receive: undefined }, (...bytes) => this.#toFar.push(...solid(bytes)));
    this.#far = new PictureLane({ send: undefined, receive: memory }, (...bytes) => this.#toNear.push(...solid(bytes)));
  }

  send(level: number, { id = 1, name = '', width = 16, height = 16 } = {}): void {
    this.near.send(id, name, grey(level, width, height), () => this.taken.push(level));
  }

  /** Carries what one end said to the other, `messages` of them at most. Answers are on their way then. */
  carry(messages = Number.POSITIVE_INFINITY): void {
    read(this.#toFar, messages, (payload) => {
      const { id, name, frame } = this.#far.receive(payload);
      this.received.push({ id, name, level: frame.data[0]! });
      frame.close();
    });
  }

  answer(messages = Number.POSITIVE_INFINITY): void {
    read(this.#toNear, messages, (payload) => this.near.taken(payload));
  }
}

function solid(bytes: readonly (Buffer | undefined)[]): Buffer[] {
  return [Buffer.concat(bytes.filter((part) => part !== undefined))];
}

function read(buffers: Buffer[], most: number, take: (payload: Buffer) => void): void {
  const reader = new WireReader((_, payload) => take(payload));
  for (const buffer of buffers.splice(0, most)) reader.push(buffer);
}

describe.each(['shared memory', 'the pipe'])('the way of pictures through %s', (way) => {
  let memory: number | undefined;
  let ends: TwoEnds;
  let frames: ReturnType<typeof trackFrames>;
  beforeEach(() => {
    frames = trackFrames();
    memory = way === 'the pipe' ? undefined : (openSharedMemory() ?? openSharedMemory('.'));
    ends = new TwoEnds(memory);
  });
  afterEach(() => {
    closeSharedMemory(memory);
    frames.assertNone();
    frames.stop();
  });

  test('a picture arrives as it was, and is taken when it was read', () => {
    ends.send(7, { id: 3, name: 'camera' });
    ends.carry();
    expect(ends.received).toEqual([{ id: 3, name: 'camera', level: 7 }]);
    expect(ends.taken).toEqual([]);
    ends.answer();
    expect(ends.taken).toEqual([7]);
  });

  test('two are under way and the newest waits, whatever is written meanwhile', () => {
    for (let level = 1; level <= 9; level++) ends.send(level);
    expect(ends.near.dropped).toBe(6);
    expect(ends.taken).toEqual([3, 4, 5, 6, 7, 8]);
    ends.carry();
    ends.answer();
    ends.carry();
    ends.answer();
    expect(ends.received.map(({ level }) => level)).toEqual([1, 2, 9]);
    expect(ends.taken).toEqual([3, 4, 5, 6, 7, 8, 1, 2, 9]);
  });

  test('one source does not wait for another', () => {
    for (const level of [1, 2, 3]) ends.send(level);
    ends.send(9, { id: 2 });
    ends.carry();
    expect(ends.received.map(({ level }) => level)).toEqual([1, 2, 9]);
    ends.answer();
    ends.carry();
    ends.answer();
  });

  test('of a source that is gone nothing more is sent', () => {
    for (const level of [1, 2, 3]) ends.send(level);
    ends.near.forget(1);
    expect(ends.taken).toEqual([3]);
    ends.carry();
    ends.answer();
    ends.carry();
    expect(ends.received.map(({ level }) => level)).toEqual([1, 2]);
    expect(ends.taken).toEqual([3, 1, 2]);
  });

  test('everything is taken when the other process is gone, also what comes later', () => {
    for (const level of [1, 2, 3]) ends.send(level);
    ends.near.end();
    ends.send(4);
    expect(ends.taken).toEqual([1, 2, 3, 4]);
    ends.near.end();
    ends.near.taken(Buffer.alloc(4));
    expect(ends.taken.length).toBe(4);
  });

  test('each is taken exactly once and none overtakes another, in whatever order both sides come to it', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('send' as const),
        id: fc.integer({ min: 1, max: 3 }),
        side: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({ do: fc.constantFrom('carry' as const, 'answer' as const), messages: fc.integer({ min: 1, max: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const both = new TwoEnds(memory);
        let level = 0;
        for (const one of steps) {
          if (one.do === 'send') both.send(++level, { id: one.id, width: 2 * one.side, height: 2 * one.side });
          else both[one.do](one.messages);
        }
        for (let round = 0; round <= steps.length; round++) {
          both.carry();
          both.answer();
        }
        expect([...both.taken].sort((a, b) => a - b)).toEqual(Array.from({ length: level }, (_, at) => at + 1));
        for (const id of [1, 2, 3]) {
          const levels = both.received.filter((picture) => picture.id === id).map((picture) => picture.level);
          expect(levels).toEqual([...levels].sort((a, b) => a - b));
        }
        expect(both.received.length + both.near.dropped).toBe(level);
      }),
      { numRuns: 200 },
    );
  });
});

describe('pictures on the wire', () => {
  const fields = { id: 1, name: 'camera', serial: 5, width: 4, height: 2, colorSpace: 'bt709' } as const;
  const payload = (offset: number | undefined, bytes = 0) => {
    const head = encodePictureHead({ ...fields, offset }, bytes);
    return Buffer.concat([head, Buffer.alloc(bytes)]).subarray(8);
  };

  test('come back as they were written', () => {
    expect(decodePicture(payload(4_096))).toMatchObject({ ...fields, offset: 4_096 });
    expect(decodePicture(payload(undefined, 12))).toMatchObject({ ...fields, offset: undefined });
    expect(decodeTaken(encodeTaken(77).subarray(8))).toBe(77);
  });

  test('are refused with a typed error unless they are what they say', () => {
    expect(() => decodePicture(payload(undefined, 11))).toThrow(broken);
    expect(() => decodePicture(payload(4_096, 12))).toThrow(broken);
    expect(() => decodeTaken(Buffer.alloc(3))).toThrow(broken);
    const lane = new PictureLane({ send: undefined, receive: undefined }, () => {});
    expect(() => lane.receive(payload(0))).toThrow(broken);
    const memory = openSharedMemory() ?? openSharedMemory('.');
    const open = videoFramePool.stats.openBuffers;
    const beyond = new PictureLane({ send: undefined, receive: memory }, () => {});
    expect(() => beyond.receive(payload(1_000_000))).toThrow(broken);
    expect(videoFramePool.stats.openBuffers).toBe(open);
    closeSharedMemory(memory);
  });

  test('survive random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const decode of [decodePicture, decodeTaken])
          try {
            decode(Buffer.from(bytes));
          } catch (error) {
            expect(error).toMatchObject({ code: 'SLUICE_HOST_PROTOCOL' });
          }
      }),
      { numRuns: 2_000 },
    );
  });
});
