import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Outgoing } from './outgoing.ts';
import { decodeAudio, encodeAudio, encodeControl, WireReader, wireKinds } from './wire.ts';

/** A pipe that takes writes at once, or keeps them as they are until it is told to take them. */
class Pipe {
  stuck = false;
  readonly taken: Buffer[] = [];
  readonly waiting: Buffer[] = [];

  get writableLength(): number {
    return this.waiting.reduce((sum, one) => sum + one.length, 0);
  }

  write(bytes: Buffer): boolean {
    this.waiting.push(bytes);
    if (!this.stuck) this.drain();
    return true;
  }

  drain(): void {
    // A copy: the memory is used again.
    for (const one of this.waiting.splice(0)) this.taken.push(Buffer.from(one));
  }
}

const sound = (value: number, length: number) => ({
  connection: 1,
  name: 'customAudio.müsik',
  samples: new Int16Array(length).fill(value),
  sampleRate: 48_000,
  channels: 1,
});

it('writes what was added in its order and in one piece, whatever the pipe has taken by then', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('audio' as const), length: fc.integer({ min: 1, max: 9_000 }) }),
    fc.record({ kind: fc.constant('control' as const), length: fc.integer({ min: 0, max: 90_000 }) }),
    fc.constantFrom({ kind: 'flush' as const }, { kind: 'stick' as const }, { kind: 'drain' as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pipe = new Pipe();
      const outgoing = new Outgoing(pipe as never);
      const said: Buffer[] = [];
      for (const [index, one] of steps.entries()) {
        if (one.kind === 'audio') {
          const audio = sound(index, one.length);
          said.push(Buffer.from(encodeAudio(audio)));
          outgoing.addAudio(audio);
        } else if (one.kind === 'control') {
          said.push(encodeControl({ index, text: 'x'.repeat(one.length) }));
          outgoing.add(said.at(-1)!);
        } else if (one.kind === 'flush') outgoing.flush();
        else {
          pipe.stuck = one.kind === 'stick';
          if (!pipe.stuck) pipe.drain();
        }
      }
      outgoing.flush();
      pipe.drain();
      expect(Buffer.concat(pipe.taken).equals(Buffer.concat(said))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

it('takes one write for what was added between two flushes', () => {
  const pipe = new Pipe();
  const outgoing = new Outgoing(pipe as never);
  for (let value = 0; value < 20; value++) outgoing.addAudio(sound(value, 480));
  outgoing.flush();
  outgoing.flush();
  expect(pipe.taken).toHaveLength(1);
  const heard: number[] = [];
  const reader = new WireReader((kind, payload) => {
    expect(kind).toBe(wireKinds.audio);
    heard.push(decodeAudio(payload).samples[479]!);
  });
  reader.push(pipe.taken[0]!);
  expect(heard).toEqual(Array.from({ length: 20 }, (_, value) => value));
});
