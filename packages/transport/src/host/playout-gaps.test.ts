import { describe, expect, it } from 'vitest';
import { PlayoutQueue } from './playout-queue.ts';

function setup(options: Partial<ConstructorParameters<typeof PlayoutQueue>[0]> = {}) {
  const queue = new PlayoutQueue({ sampleRate: 16_000, channels: 1, autoSilence: true, cushionMs: 60, ...options });
  const tick = (count: number) => {
    for (let n = 0; n < count; n++) queue.fill();
  };
  const write = (ms: number) => queue.push(new Int16Array((options.channels ?? 1) * ms * 16).fill(1_000));
  /** Milliseconds. */
  const missing = () => queue.progress.missing / 16;
  return { queue, tick, write, missing };
}

describe.each([true, false])('gaps in what the engine is given, autoSilence %s', (autoSilence) => {
  it('last from the last sample to the next one, with the wait for a late writer and the new cushion', () => {
    const { queue, tick, write, missing } = setup({ autoSilence });
    write(65);
    // 65 ms of media; the tail is in the tenth slice, after three that were held back.
    tick(10 + 20);
    expect([queue.progress.underruns, missing()]).toEqual([0, 0]);
    write(20);
    tick(3);
    write(40);
    expect([queue.progress.underruns, missing()]).toEqual([1, 0]);
    tick(1);
    expect([queue.progress.underruns, missing()]).toEqual([1, 4 * 10 - 5 + 20 * 10 + 3 * 10]);
    tick(3);
    expect(missing()).toBe(265);
  });

  it('are of samples per channel', () => {
    const { queue, tick, write, missing } = setup({ autoSilence, channels: 2 });
    write(60);
    tick(6 + 4 + 5);
    write(60);
    tick(1);
    expect([queue.progress.underruns, missing()]).toEqual([1, 90]);
  });

  it('are none at an end: flushed, cleared, or nothing more within a second', () => {
    const { queue, tick, write, missing } = setup({ autoSilence });
    write(60);
    queue.flush();
    tick(30);
    write(60);
    tick(10);
    queue.clear(5);
    tick(30);
    write(60);
    tick(6 + 4 + 100);
    write(60);
    tick(10);
    expect([queue.progress.underruns, missing()]).toEqual([0, 0]);
  });

  it('are none while paused, nor before a short utterance that is flushed', async () => {
    const { queue, tick, write, missing } = setup({ autoSilence });
    write(100);
    tick(5);
    const paused = queue.pause(10);
    tick(50);
    await paused;
    queue.resume();
    queue.flush();
    tick(20);
    write(20);
    queue.flush();
    tick(20);
    expect(missing()).toBe(0);
  });

  it('end where an interruption cuts what had come again', () => {
    const { queue, tick, write, missing } = setup({ autoSilence });
    write(60);
    tick(6 + 4 + 10);
    write(10);
    tick(2);
    queue.clear(5);
    tick(50);
    expect([queue.progress.underruns, missing()]).toEqual([1, 160]);
  });
});

describe('a thread that stands still', () => {
  it('is a gap while media waits to be played, and none otherwise', () => {
    const { queue, tick, write, missing } = setup();
    queue.late(500);
    write(200);
    queue.late(500);
    tick(1);
    queue.late(60);
    expect(queue.progress).toMatchObject({ stalls: 0, missing: 0 });
    queue.late(180);
    tick(18);
    expect(queue.progress).toMatchObject({ stalls: 1, underruns: 0 });
    expect(missing()).toBe(180);
    tick(1);
    queue.late(90);
    void queue.pause(5);
    queue.late(90);
    expect(queue.progress.stalls).toBe(1);
  });
});
