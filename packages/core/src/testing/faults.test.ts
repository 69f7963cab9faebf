import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSluiceError } from '../errors.ts';
import { AudioFrame } from '../media/audio-frame.ts';
import { micros } from '../time/units.ts';
import { blockEventLoop, faults } from './faults.ts';
import { type Harness, harness } from './harness.ts';

const frame = (value: number, epoch = 0) =>
  new AudioFrame({
    samples: Int16Array.of(value),
    sampleRate: 1000,
    channels: 1,
    timestamp: micros(value * 1000),
    epoch,
  });
const push = (h: Harness<AudioFrame, AudioFrame>, count: number, from = 0) => {
  for (let index = 0; index < count; index++) h.push(frame(from + index));
};
const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

describe('faults.drop', () => {
  it('loses each nth frame', () => {
    const h = harness(faults.drop<AudioFrame>({ every: 3 }));
    push(h, 7);
    expect([...h.samples()]).toEqual([0, 1, 3, 4, 6]);
    h.complete();
    expect(h.status).toBe('completed');
    h.close();
  });
  it('loses about as many as it should, the same for the same seed', () => {
    const run = (seed: number) => {
      const h = harness(faults.drop<AudioFrame>({ probability: 0.3, seed }));
      push(h, 2000);
      const heard = [...h.samples()];
      h.close();
      return heard;
    };
    expect(run(5).length).toBeGreaterThan(1340);
    expect(run(5).length).toBeLessThan(1460);
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});

describe('faults.stall', () => {
  it('lets nothing pass for a while, then all in order', async () => {
    const h = harness(faults.stall<AudioFrame>({ ms: 50, at: 1 }));
    push(h, 3);
    expect([h.outputs.length, h.actor.held]).toEqual([1, 2]);
    await h.advance(60);
    push(h, 1, 3);
    expect([...h.samples()]).toEqual([0, 1, 2, 3]);
    expect(h.outputs.map(({ at }) => at)).toEqual([0, 50, 50, 60]);
    h.complete();
    expect(h.status).toBe('completed');
    h.close();
  });
  it('repeats, and ends after the last frame', async () => {
    const h = harness(faults.stall<AudioFrame>({ ms: 10, every: 2 }));
    push(h, 1);
    h.complete();
    expect(h.status).toBe('open');
    await h.advance(10);
    expect(h.status).toBe('completed');
    h.close();
    const again = harness(faults.stall<AudioFrame>({ ms: 10, every: 2 }));
    for (let index = 0; index < 4; index++) {
      push(again, 1, index);
      await again.advance(20);
    }
    expect(again.outputs.map(({ at }) => at)).toEqual([10, 20, 50, 60]);
    again.close();
  });
  it('drops frames of an old epoch when interrupted, and counts them', () => {
    const h = harness(faults.stall<AudioFrame>({ ms: 50 }));
    push(h, 2);
    expect(h.actor.interrupt().dropped).toBe(2000);
    expect([h.outputs.length, h.actor.held, h.clock.timers]).toEqual([0, 0, 0]);
    h.close();
  });
});

describe('faults.burst', () => {
  it('collects, and brings the rest with the end', () => {
    const h = harness(faults.burst<AudioFrame>({ frames: 3 }));
    push(h, 2);
    expect([h.outputs.length, h.actor.held]).toEqual([0, 2]);
    push(h, 3, 2);
    expect([h.outputs.length, h.actor.held]).toEqual([3, 2]);
    h.complete();
    expect([...h.samples()]).toEqual(range(5));
    expect(h.status).toBe('completed');
    h.close();
  });
  it('closes what it keeps when the receiver goes away', () => {
    const h = harness(faults.burst<AudioFrame>({ frames: 3 }));
    push(h, 2);
    h.close();
    expect(h.actor.held).toBe(0);
  });
});

describe('faults.throwAt', () => {
  it('throws once, over all subscriptions', () => {
    const fault = faults.throwAt<AudioFrame>(2);
    const first = harness(fault);
    push(first, 4);
    expect(first.outputs).toHaveLength(2);
    expect(first.error).toMatchObject({ message: 'injected fault at frame 2' });
    first.close();
    const second = harness(fault);
    push(second, 2, 4);
    expect([...second.samples()]).toEqual([4, 5]);
    second.close();
  });
  it('throws what it is told to', () => {
    const h = harness(faults.throwAt<AudioFrame>(0, { error: 'text' }));
    push(h, 1);
    expect(h.error).toBe('text');
    expect(isSluiceError(h.error)).toBe(false);
    h.close();
  });
});

describe('faults.neverResolve', () => {
  it('keeps frames and the end for ever, and gives them up at the teardown', async () => {
    const h = harness(faults.neverResolve<AudioFrame>({ at: 1 }));
    push(h, 3);
    h.complete();
    await h.advance(1e9);
    expect([h.outputs.length, h.actor.held, h.status]).toEqual([1, 2, 'open']);
    h.close();
  });
});

describe('faults.delayJitter', () => {
  it('never early, within bounds, in order unless told, nothing lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.boolean(), fc.nat(30), async (seed, reorder, minMs) => {
        const h = harness(faults.delayJitter<AudioFrame>({ minMs, maxMs: 60, seed, reorder }));
        for (let index = 0; index < 20; index++) {
          push(h, 1, index);
          await h.advance(5);
        }
        h.complete();
        await h.advance(60);
        expect(h.status).toBe('completed');
        const order = [...h.samples()];
        expect([...order].sort((a, b) => a - b)).toEqual(range(20));
        if (!reorder) expect(order).toEqual(range(20));
        for (const { value, at } of h.outputs) {
          const waited = at - value.samples[0]! * 5;
          expect(waited).toBeGreaterThanOrEqual(minMs);
          expect(waited).toBeLessThanOrEqual(60);
        }
        h.close();
      }),
      { numRuns: 15 },
    );
  });
});

describe('arguments', () => {
  it.each<[string, () => unknown]>([
    ['every', () => faults.drop({ every: 0 })],
    ['probability', () => faults.drop({ probability: 2 })],
    ['ms', () => faults.stall({ ms: -1 })],
    ['frames', () => faults.burst({ frames: 0 })],
    ['at', () => faults.throwAt(-1)],
    ['at', () => faults.neverResolve({ at: -2 })],
    ['maxMs', () => faults.delayJitter({ minMs: 5, maxMs: 4 })],
    ['ms', () => blockEventLoop(Number.NaN)],
  ])('%s is checked at once', (name, make) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(name);
  });
  it('must be whole where they count', () => {
    expect(() => faults.throwAt(0.5)).toThrow(TypeError);
  });
});

it('blockEventLoop blocks', () => {
  let ran = false;
  setImmediate(() => {
    ran = true;
  });
  blockEventLoop(2);
  expect(ran).toBe(false);
});
