import { describe, expect, it } from 'vitest';
import { VoiceQueue } from './voice-queue.ts';

const SLICE = 160;
const slice = (value: number) => new Int16Array(SLICE).fill(value);

function read(queue: VoiceQueue, length = SLICE): number[] {
  const mix = new Int32Array(length);
  queue.addTo(mix);
  return [...mix];
}

describe('VoiceQueue', () => {
  it('starts with 20 ms, and again after it has run dry', () => {
    const queue = new VoiceQueue(16_000, 1);
    queue.push(slice(1));
    expect(read(queue)).toEqual(new Array(SLICE).fill(0));
    queue.push(slice(2));
    expect(read(queue)).toEqual(new Array(SLICE).fill(1));
    expect(read(queue)).toEqual(new Array(SLICE).fill(2));
    expect(read(queue)).toEqual(new Array(SLICE).fill(0));
    queue.push(slice(3));
    expect(read(queue)).toEqual(new Array(SLICE).fill(0));
  });

  it('keeps a second, counting what it drops, and a start after a skip', () => {
    const queue = new VoiceQueue(16_000, 1);
    for (let count = 0; count < 150; count++) queue.push(slice(count));
    expect(queue.dropped).toBe(50 * SLICE);
    expect(read(queue)[0]).toBe(50);
    queue.skipBacklog();
    expect(read(queue)[0]).toBe(148);
  });

  it('shortens a queue that is always too full, but only in silence', () => {
    const queue = new VoiceQueue(16_000, 1);
    const run = (slices: number, value: number) => {
      for (let count = 0; count < slices; count++) {
        queue.push(slice(value));
        read(queue);
      }
    };
    for (let count = 0; count < 20; count++) queue.push(slice(5_000));
    run(1_000, 5_000);
    expect(queue.dropped).toBe(0);
    run(100, 0);
    expect(queue.dropped).toBe(18 * SLICE);
    run(1_000, 0);
    expect(queue.dropped).toBe(18 * SLICE);
  });

  it('counts a gap when a voice that is heard runs dry and comes again within a second', () => {
    const queue = new VoiceQueue(16_000, 1);
    const say = (slices: number, value: number) => {
      for (let count = 0; count < slices; count++) {
        queue.push(slice(value));
        read(queue);
      }
    };
    const miss = (slices: number) => {
      for (let count = 0; count < slices; count++) read(queue);
    };
    expect(queue.glitches).toEqual({ gaps: 0, gapMs: 0, concealedMs: 0, playedMs: 0 });
    miss(10);
    say(20, 5_000);
    // One slice waits, and the first of 20 ms that come again is waited with.
    miss(8);
    expect(queue.glitches.gaps).toBe(0);
    say(10, 5_000);
    const once = queue.glitches;
    expect(once).toMatchObject({ gaps: 1, gapMs: 80 });
    miss(150);
    say(10, 5_000);
    say(10, 0);
    miss(8);
    say(10, 0);
    expect(queue.glitches).toMatchObject({ gaps: 1, gapMs: 80, concealedMs: 0 });
    expect(queue.glitches.playedMs).toBeGreaterThan(once.playedMs);
  });
});
