import { describe, expect, it } from 'vitest';
import { PlayoutQueue } from './playout-queue.ts';

const RATE = 16_000;
const SLICE = RATE / 100;
/** 5 ms. */
const FADE = RATE / 200;

function setup(options: Partial<ConstructorParameters<typeof PlayoutQueue>[0]> = {}) {
  const queue = new PlayoutQueue({ sampleRate: RATE, channels: 1, autoSilence: true, cushionMs: 60, ...options });
  const sent: number[] = [];
  /** Fills `count` slices; returns what they sent. */
  const tick = (count: number) => {
    const from = sent.length;
    for (let slice = 0; slice < count; slice++) if (queue.fill()) sent.push(...queue.slice);
    return sent.slice(from);
  };
  return { queue, sent, tick };
}

/** Samples that count up from 10,001: none of them is silent, however it is faded but to the end. */
const counting = (ms: number, from = 0) => Int16Array.from({ length: ms * 16 }, (_, index) => 10_001 + from + index);
const silence = (length: number) => new Array(length).fill(0);

describe('a paused PlayoutQueue', () => {
  it('fades out, stands still, and goes on with the next sample as loud as before', async () => {
    const { queue, tick } = setup();
    const all = counting(200);
    queue.push(all);
    tick(4);
    let still = false;
    void queue.pause(5).then(() => {
      still = true;
    });
    await Promise.resolve();
    expect(still).toBe(false);
    const [fade, rest] = [tick(1), tick(20)];
    await Promise.resolve();
    expect(still).toBe(true);
    const at = 4 * SLICE;
    for (let index = 0; index < FADE; index++)
      expect(fade[index]).toBe(Math.round(all[at + index]! * (1 - (index + 1) / FADE)));
    expect(fade.slice(FADE)).toEqual(silence(SLICE - FADE));
    expect(rest).toEqual(silence(20 * SLICE));
    expect(queue.progress).toMatchObject({ played: at + FADE, dropped: 0 });
    expect(queue.queued).toBe(all.length - at - FADE);
    queue.resume();
    const next = tick(3);
    for (let index = 0; index < FADE; index++)
      expect(next[index]).toBe(Math.round((all[at + FADE + index]! * (index + 1)) / FADE));
    expect(next.slice(FADE)).toEqual([...all.subarray(at + 2 * FADE, at + FADE + 3 * SLICE)]);
    expect(queue.progress).toMatchObject({ underruns: 0, heldBack: 0 });
  });

  it('fades both channels of a sample alike, over more than a slice', () => {
    const { queue, tick } = setup({ channels: 2, cushionMs: 0 });
    queue.push(Int16Array.from({ length: 2 * 160 * 10 }, (_, index) => (index % 2 === 0 ? 1_000 : -2_000)));
    tick(2);
    void queue.pause(15);
    const fade = tick(3);
    for (let frame = 0; frame < 240; frame++) {
      const gain = 1 - (frame + 1) / 240;
      expect(Math.abs(fade[2 * frame]! - 1_000 * gain)).toBeLessThan(0.51);
      expect(Math.abs(fade[2 * frame + 1]! + 2_000 * gain)).toBeLessThan(0.51);
    }
    expect(fade.slice(480).every((sample) => sample === 0)).toBe(true);
    expect(queue.progress.played).toBe(2 * 160 + 240);
  });

  it('takes what is written meanwhile, and plays nothing of it, not even late slices', () => {
    const { queue, tick } = setup({ cushionMs: 0 });
    queue.push(counting(30));
    tick(2);
    void queue.pause(0);
    queue.push(counting(30, 480));
    expect(queue.fillLate()).toBe(false);
    expect(tick(5)).toEqual(silence(5 * SLICE));
    queue.resume();
    expect(tick(4)).toEqual([...counting(60).subarray(2 * SLICE)]);
  });

  it('stands still at once where nothing plays, and a fade that comes to the end of the media takes nothing new', async () => {
    const idle = setup();
    await idle.queue.pause(5);
    idle.queue.push(counting(60));
    expect(idle.tick(10)).toEqual(silence(10 * SLICE));
    idle.queue.resume();
    expect(idle.tick(6)).toEqual([...counting(60)]);

    const dry = setup({ cushionMs: 0 });
    dry.queue.push(counting(22));
    dry.tick(2);
    const still = dry.queue.pause(5);
    dry.tick(1);
    await still;
    dry.queue.push(counting(20, 352));
    expect(dry.tick(3)).toEqual(silence(3 * SLICE));
    expect(dry.queue.progress.played).toBe(352);
    dry.queue.resume();
    const next = dry.tick(2);
    expect(next.slice(FADE)).toEqual([...counting(20, 352).subarray(FADE)]);
  });

  it('drops all of it by clear, and begins anew with what comes after', async () => {
    const { queue, tick } = setup({ cushionMs: 0 });
    queue.push(counting(100));
    tick(2);
    const still = queue.pause(5);
    tick(1);
    await still;
    expect(queue.clear(5)).toBe(80 * 16 - FADE);
    expect(queue.progress).toMatchObject({ played: 20 * 16 + FADE, dropped: 80 * 16 - FADE });
    expect(tick(5)).toEqual(silence(5 * SLICE));
    queue.push(counting(20));
    expect(tick(2)).toEqual(silence(2 * SLICE));
    queue.resume();
    expect(tick(2)).toEqual([...counting(20)]);
    expect(queue.progress.underruns).toBe(0);
  });

  it('lets the fade be heard to its end when it is cleared in the middle of it', () => {
    const { queue, tick } = setup({ cushionMs: 0 });
    queue.push(counting(100));
    tick(2);
    const still = queue.pause(15);
    tick(1);
    expect(queue.clear(0)).toBe(100 * 16 - 20 * 16 - 15 * 16);
    const rest = tick(2);
    expect(rest.slice(0, FADE - 1).every((sample) => sample > 0)).toBe(true);
    expect(rest.slice(FADE - 1)).toEqual(silence(2 * SLICE - FADE + 1));
    expect(queue.queued).toBe(0);
    return still;
  });

  it('goes on from where a fade was broken off, either way, without a step or a lost sample', async () => {
    const { queue, sent, tick } = setup({ cushionMs: 0 });
    queue.push(new Int16Array(RATE).fill(10_000));
    tick(2);
    const still = queue.pause(30);
    tick(1);
    queue.resume();
    await still;
    tick(1);
    void queue.pause(30);
    tick(1);
    void queue.pause(0);
    tick(1);
    queue.resume();
    tick(10);
    const step = 10_000 / (RATE * 0.03);
    for (let at = 1; at < sent.length; at++) expect(Math.abs(sent[at]! - sent[at - 1]!)).toBeLessThan(step + 2);
    expect(queue.progress.played).toBe(sent.length);
  });

  it('says nothing while it is paused where silence is not asked for', () => {
    const { queue, tick } = setup({ autoSilence: false, cushionMs: 0 });
    queue.push(counting(50));
    tick(2);
    void queue.pause(5);
    expect(tick(5)).toHaveLength(SLICE);
    expect(queue.busy).toBe(true);
    queue.resume();
    queue.flush();
    tick(10);
    expect(queue.progress).toMatchObject({ played: 50 * 16, underruns: 0 });
    expect(queue.busy).toBe(false);
  });

  it('pays for what is missing with its cushion when too little is left to go on with', () => {
    const { queue, sent, tick } = setup({ cushionMs: 20 });
    queue.push(counting(42));
    tick(4);
    void queue.pause(0);
    tick(10);
    queue.resume();
    expect(tick(1)).toEqual(silence(SLICE));
    queue.push(counting(40, 42 * 16));
    tick(4);
    queue.flush();
    tick(2);
    expect(sent.filter((sample) => sample !== 0)).toEqual([...counting(82)]);
    expect(queue.progress).toMatchObject({ underruns: 0, heldBack: 0 });
  });
});
