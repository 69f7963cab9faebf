import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConcealmentGauge } from './concealment-gauge.ts';
import { Ear } from './ear.ts';

const sampleRate = 16_000;
let clock: VirtualClock;
let ear: Ear;
let counters: { concealedMs: number; concealmentEvents: number; packetsLost: number };
let gauge: ConcealmentGauge;

beforeEach(() => {
  clock = new VirtualClock();
  ear = new Ear(sampleRate);
  counters = { concealedMs: 5_000, concealmentEvents: 40, packetsLost: 7 };
  gauge = new ConcealmentGauge({ stats: async () => ({ ...counters }), ear, now: () => clock.now(), clock });
});
afterEach(() => gauge.close());

/** Lets 100 ms go by in which a level is heard and so much is lost. */
async function hear(level: number, concealedMs = 0, packetsLost = 0): Promise<void> {
  ear.hear(clock.now() * 16, new Int16Array(1_600).fill(level));
  counters.concealedMs += concealedMs;
  counters.concealmentEvents += concealedMs > 0 ? 1 : 0;
  counters.packetsLost += packetsLost;
  await clock.advance(100);
}

it('counts what was made up while there was a voice, and the packets that were lost at any time', async () => {
  await hear(3_000);
  await hear(3_000, 20, 1);
  await hear(3_000);
  await hear(3_000, 35, 2);
  await hear(0, 10, 1);
  await hear(0, 60, 3);
  await hear(0, 60, 3);
  const { holes, lostPackets } = await gauge.received();
  // The sixth 100 ms begin 40 ms beyond what may be the tail of the voice.
  expect(holes).toEqual([
    { atMs: 100, ms: 20, count: 1 },
    { atMs: 300, ms: 35, count: 1 },
    { atMs: 400, ms: 10, count: 1 },
  ]);
  expect(lostPackets).toBe(10);
});

it('finds nothing in a clean call, and nothing where the counters begin anew', async () => {
  await hear(3_000);
  await hear(3_000);
  counters = { concealedMs: 0, concealmentEvents: 0, packetsLost: 0 };
  await hear(3_000);
  expect(await gauge.received()).toEqual({ holes: [], lostPackets: 0 });
});

it('counts what never came to the ear', async () => {
  await hear(3_000);
  await clock.advance(200);
  await hear(3_000);
  await hear(0);
  await clock.advance(200);
  await hear(3_000);
  expect(await gauge.received()).toEqual({ holes: [{ atMs: 100, ms: 200, count: 1 }], lostPackets: 0 });
});

it('lives on where the engine died for a moment, and measures no more when it is closed', async () => {
  let asked = 0;
  const dying = async () => {
    asked++;
    throw new Error('the engine died');
  };
  const one = new ConcealmentGauge({ stats: dying, ear, now: () => clock.now(), clock });
  await clock.advance(1_000);
  expect(asked).toBe(10);
  one.close();
  await clock.advance(1_000);
  await one.received();
  expect(asked).toBe(10);
});
