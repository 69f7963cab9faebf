import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { OfferPace } from './offer-pace.ts';

const offer = (sections: number) => `v=0\r\n${'m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(sections)}`;

let clock: VirtualClock;
let pace: OfferPace;
let answered: number[];
let steps: Promise<void>;

beforeEach(() => {
  clock = new VirtualClock();
  pace = new OfferPace(clock);
  answered = [];
  steps = Promise.resolve();
});

/** One after the other, as a connection does it. */
function comes(number: number, sections: number): void {
  const turn = pace.take(offer(sections));
  steps = steps.then(async () => {
    if (await turn()) answered.push(number);
  });
}

test('what a call negotiates waits for nothing', async () => {
  for (let n = 0; n < 120; n++) {
    comes(n, 4);
    await clock.advance(100);
  }
  expect(answered).toHaveLength(120);
  expect(clock.timers).toBe(0);
});

test('of a flood of long offers two a second are answered, the last of them at last', async () => {
  for (let n = 0; n < 500; n++) {
    comes(n, 32);
    await clock.advance(20);
  }
  expect(answered.length).toBeLessThanOrEqual(8 + 2 * 10 + 1);
  await clock.advance(1_000);
  expect(answered.at(-1)).toBe(499);
  expect(clock.timers).toBe(0);
});

test('nothing waits any more after the end', async () => {
  for (let n = 0; n < 20; n++) {
    comes(n, 32);
    await clock.advance(1);
  }
  expect(clock.timers).toBe(1);
  const { length } = answered;
  pace.close();
  await steps;
  expect(answered).toHaveLength(length);
  expect(clock.timers).toBe(0);
});
