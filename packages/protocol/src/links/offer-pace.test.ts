import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OfferPace } from './offer-pace.ts';

const offer = (sections: number, user: string) =>
  `v=0\r\n${`m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:${user}\r\n`.repeat(sections)}`;

let pace: OfferPace;
let answered: number[];
let steps: Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  pace = new OfferPace({
    now: () => performance.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  });
  answered = [];
  steps = Promise.resolve();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One after the other, as a connection does it. */
function comes(number: number, sections: number, user = 'same'): void {
  const turn = pace.take(offer(sections, user));
  steps = steps.then(async () => {
    if (await turn()) answered.push(number);
  });
}

test('what a call negotiates waits for nothing', async () => {
  for (let n = 0; n < 120; n++) {
    comes(n, 4);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(answered).toHaveLength(120);
  expect(vi.getTimerCount()).toBe(0);
});

test('nor do restarts every 2 s, as long as a path is broken', async () => {
  for (let n = 0; n < 30; n++) {
    comes(n, 4, `restart-${n}`);
    await vi.advanceTimersByTimeAsync(2_000);
  }
  expect(answered).toHaveLength(30);
  expect(vi.getTimerCount()).toBe(0);
});

test('of a flood of long offers two a second are answered, the last of them at last', async ({ task }) => {
  for (let n = 0; n < 500; n++) {
    comes(n, 32);
    await vi.advanceTimersByTimeAsync(20);
  }
  task.meta.measured = [`of 500 long offers in 10 s answered ${answered.length}`];
  expect(answered.length).toBeLessThanOrEqual(4 + 2 * 10 + 1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answered.at(-1)).toBe(499);
  expect(vi.getTimerCount()).toBe(0);
});

test('of a flood of short offers that change a direction or a name sixteen a second are answered, the last of them at last', async ({
  task,
}) => {
  for (let n = 0; n < 950; n++) {
    comes(n, 1);
    await vi.advanceTimersByTimeAsync(1_000 / 95);
  }
  task.meta.measured = [`of 950 short offers in 10 s answered ${answered.length}`];
  expect(answered.length).toBeLessThanOrEqual(32 + 16 * 10 + 1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answered.at(-1)).toBe(949);
  expect(vi.getTimerCount()).toBe(0);
});

test('of a flood of restarts one in 2 s is answered, the last of them at last', async () => {
  for (let n = 0; n < 500; n++) {
    comes(n, 1, `restart-${n}`);
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(answered.length).toBeLessThanOrEqual(1 + 2 + 5);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(answered.at(-1)).toBe(499);
  expect(vi.getTimerCount()).toBe(0);
});

test('wishes for a restart and offers that restart are counted together', async () => {
  comes(0, 1, 'first');
  for (let n = 0; n < 2; n++) expect(pace.tryRestart()).toBe(true);
  expect(pace.tryRestart()).toBe(false);
  comes(1, 1, 'another');
  await vi.advanceTimersByTimeAsync(1_900);
  expect(answered).toEqual([0]);
  await vi.advanceTimersByTimeAsync(100);
  expect(answered).toEqual([0, 1]);
});

test('nothing waits any more after the end', async () => {
  for (let n = 0; n < 20; n++) {
    comes(n, 32);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(vi.getTimerCount()).toBe(1);
  const { length } = answered;
  pace.close();
  await steps;
  expect(answered).toHaveLength(length);
  expect(vi.getTimerCount()).toBe(0);
});
