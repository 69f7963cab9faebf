import { describe, expect, it } from 'vitest';
import { PlayoutQueue } from './playout-queue.ts';

const SLICE = 160;

function setup(options: Partial<ConstructorParameters<typeof PlayoutQueue>[0]> = {}) {
  const queue = new PlayoutQueue({ sampleRate: 16_000, channels: 1, autoSilence: true, cushionMs: 60, ...options });
  const played: number[] = [];
  /** Fills `count` slices; returns which of them sent something. */
  const tick = (count: number) =>
    Array.from({ length: count }, () => {
      const sent = queue.fill();
      if (sent) played.push(...queue.slice);
      return sent;
    });
  return { queue, played, tick };
}

let next = 1;
const media = (ms: number) => Int16Array.from({ length: ms * 16 }, () => (next++ % 30_000) + 1);

describe('PlayoutQueue', () => {
  it('sends silence from the start, or nothing, as asked', () => {
    const silent = setup();
    expect(silent.tick(2)).toEqual([true, true]);
    expect(silent.queue.progress).toMatchObject({ played: 0, silence: 320, underruns: 0 });
    const idle = setup({ autoSilence: false });
    expect(idle.tick(2)).toEqual([false, false]);
    expect(idle.queue.busy).toBe(false);
  });

  it('starts once the cushion is full and plays every sample in order', () => {
    const { queue, played, tick } = setup({ autoSilence: false });
    const first = media(50);
    queue.push(first);
    expect(tick(1)).toEqual([false]);
    const second = media(33);
    queue.push(second);
    queue.flush();
    tick(9);
    expect(played.slice(0, 83 * 16)).toEqual([...first, ...second]);
    expect(played.slice(83 * 16)).toEqual(new Array(7 * 16).fill(0));
    expect(queue.progress).toEqual({
      played: 83 * 16,
      dropped: 0,
      silence: 7 * 16,
      underruns: 0,
      heldBack: 0,
      stalls: 0,
      missing: 0,
    });
  });

  it('adds no cushion when the writer is far ahead', () => {
    const { queue, tick } = setup({ autoSilence: false });
    queue.push(media(200));
    expect(tick(1)).toEqual([true]);
  });

  it('starts a short utterance without a flush after as long as the cushion lasts', () => {
    const { queue, tick } = setup({ autoSilence: false });
    queue.push(media(20));
    expect(tick(9)).toEqual([false, false, false, false, false, false, true, true, false]);
  });

  it('plays what was held back the moment it is written, so that lateness does not become delay', () => {
    const { queue, tick } = setup({ autoSilence: false, cushionMs: 20 });
    queue.push(media(20));
    expect(queue.fillLate()).toBe(false);
    expect(tick(4)).toEqual([true, true, false, false]);
    queue.push(media(30));
    expect([queue.fillLate(), queue.fillLate(), queue.fillLate()]).toEqual([true, true, false]);
    expect(queue.queued).toBe(SLICE);
    expect(tick(1)).toEqual([true]);
    expect(queue.progress).toMatchObject({ played: 5 * SLICE, silence: 0, underruns: 0, heldBack: 2 });
  });

  it('lets live media be one slice ahead of the schedule when there is no cushion, never more', () => {
    const { queue, tick } = setup({ cushionMs: 0 });
    tick(3);
    for (let turn = 0; turn < 50; turn++) {
      queue.push(media(10));
      expect(queue.fillLate()).toBe(true);
      queue.push(media(10));
      expect(queue.fillLate()).toBe(false);
      expect(tick(2)).toEqual([false, true]);
    }
    expect(queue.progress).toMatchObject({ played: 100 * SLICE, silence: 3 * SLICE, underruns: 0 });
  });

  it('waits for a writer that is a little late instead of playing silence', () => {
    const { queue, played, tick } = setup();
    const all = [media(60), media(20), media(20)];
    queue.push(all[0]!);
    tick(6);
    expect(tick(2)).toEqual([false, false]);
    queue.push(all[1]!);
    expect(tick(3)).toEqual([true, true, false]);
    queue.push(all[2]!);
    tick(2);
    expect(played).toEqual(all.flatMap((samples) => [...samples]));
    expect(queue.progress).toMatchObject({ silence: 0, underruns: 0, heldBack: 3 });
  });

  it('counts an underrun when more comes within a second, and fills the cushion again', () => {
    const { queue, tick } = setup();
    queue.push(media(60));
    tick(6 + 3 + 20);
    expect(queue.progress.underruns).toBe(0);
    queue.push(media(40));
    expect(queue.progress.underruns).toBe(1);
    tick(1);
    expect(queue.progress.played).toBe(60 * 16);
    queue.push(media(20));
    tick(1);
    expect(queue.progress.played).toBe(70 * 16);
  });

  it('counts no underrun after a flush or a long pause', () => {
    const { queue, tick } = setup();
    queue.push(media(60));
    queue.flush();
    tick(10);
    queue.push(media(60));
    tick(6 + 3 + 101);
    queue.push(media(60));
    expect(queue.progress.underruns).toBe(0);
  });

  it('begins with a small cushion, and keeps more for a writer that is late as far as it was, for the next start', () => {
    const { queue, tick } = setup({ autoSilence: false, firstCushionMs: 20 });
    queue.push(media(20));
    expect(tick(4)).toEqual([true, true, false, false]);
    queue.push(media(20));
    queue.flush();
    tick(3);
    queue.push(media(30));
    expect(tick(1)).toEqual([false]);
    queue.push(media(10));
    expect(tick(4)).toEqual([true, true, true, true]);
    expect(queue.progress).toMatchObject({ silence: 0, underruns: 0, heldBack: 2 });
  });

  it('waits for a writer behind a small cushion as long as the whole one would have lasted', () => {
    const { queue, played, tick } = setup({ firstCushionMs: 20 });
    const all = [media(20), media(90)];
    queue.push(all[0]!);
    tick(2 + 7);
    queue.push(all[1]!);
    while (queue.fillLate()) played.push(...queue.slice);
    tick(2);
    expect(played).toEqual(all.flatMap((samples) => [...samples]));
    expect(queue.progress).toMatchObject({ silence: 0, underruns: 0, heldBack: 7 });
  });

  it('waits no longer for a writer that was ahead, however small the cushion was that it began with', () => {
    const { queue, tick } = setup({ autoSilence: false, firstCushionMs: 20 });
    queue.push(media(60));
    queue.push(media(20));
    expect(tick(8).every(Boolean)).toBe(true);
    tick(10);
    expect(queue.progress.heldBack).toBe(3);
  });

  it('waits for as much longer as was missing of the whole cushion when a writer came last', () => {
    const { queue, tick } = setup({ autoSilence: false, firstCushionMs: 20 });
    queue.push(media(20));
    tick(1);
    queue.push(media(30));
    queue.push(media(20));
    expect(tick(6).every(Boolean)).toBe(true);
    tick(20);
    expect(queue.progress.heldBack).toBe(5);
  });

  it('keeps the whole cushion after an underrun, until half a minute was in time', () => {
    const { queue, tick } = setup({ autoSilence: false, firstCushionMs: 20 });
    queue.push(media(20));
    tick(2 + 7 + 10);
    queue.push(media(50));
    expect(queue.progress.underruns).toBe(1);
    expect(tick(1)).toEqual([false]);
    queue.push(media(30_000));
    queue.flush();
    tick(3_010);
    queue.push(media(20));
    expect(tick(2)).toEqual([true, true]);
  });

  it('starts with the next slice where all of an utterance is written at once', () => {
    const { queue, played, tick } = setup({ firstCushionMs: 20 });
    tick(5);
    const utterance = media(3_000);
    queue.push(utterance);
    tick(1);
    expect(played.slice(5 * SLICE)).toEqual([...utterance.subarray(0, SLICE)]);
  });

  it('clears with a fade from the next slice, to the sample', () => {
    const { queue, played, tick } = setup();
    queue.push(new Int16Array(100 * 16).fill(10_000));
    tick(3);
    expect(queue.clear(5)).toBe(65 * 16);
    tick(2);
    const faded = played.slice(30 * 16, 35 * 16);
    expect(faded[0]!).toBeLessThan(10_000);
    expect(faded.every((sample, index) => index === 0 || sample <= faded[index - 1]!)).toBe(true);
    expect(faded.at(-1)).toBe(0);
    expect(played.slice(35 * 16)).toEqual(new Array(15 * 16).fill(0));
    const { progress } = queue;
    expect(progress).toMatchObject({ played: 35 * 16, dropped: 65 * 16, underruns: 0 });
  });

  it('drops everything when nothing was audible yet', () => {
    const { queue, tick } = setup();
    queue.push(media(40));
    expect(queue.clear(5)).toBe(40 * 16);
    tick(10);
    expect(queue.progress.played).toBe(0);
  });

  it('fades stereo evenly and keeps channels apart', () => {
    const { queue, played, tick } = setup({ channels: 2 });
    queue.push(Int16Array.from({ length: 200 * SLICE }, (_, index) => (index % 2 === 0 ? 8_000 : -4_000)));
    tick(1);
    queue.clear(10);
    tick(1);
    for (let index = 0; index < played.length; index += 2)
      expect(played[index]! + 2 * played[index + 1]!).toBeCloseTo(0, -1);
  });

  it('takes thousands of small writes', () => {
    const { queue, played, tick } = setup();
    for (let count = 0; count < 3_000; count++) queue.push(Int16Array.of(count, count, count));
    queue.flush();
    tick(57);
    expect(played.slice(0, 9_000)).toEqual(Array.from({ length: 9_000 }, (_, index) => Math.floor(index / 3)));
    expect(queue.queued).toBe(0);
  });
});
