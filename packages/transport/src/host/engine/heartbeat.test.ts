import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Heartbeat } from './heartbeat.ts';
import type { DataChannel, PeerConnection } from './wrtc.ts';

let clock: VirtualClock;
let sent: string[];
let channel: { -readonly [K in keyof DataChannel]: DataChannel[K] };
let heartbeat: Heartbeat;
let told: string[];
let closed: number;

beforeEach(() => {
  clock = new VirtualClock();
  sent = [];
  told = [];
  closed = 0;
  channel = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => void sent.push(text),
    close: () => closed++,
  };
  const pc = { createDataChannel: () => channel } as unknown as PeerConnection;
  heartbeat = new Heartbeat(pc, clock, () => told.push(`${heartbeat.gone ? 'gone' : 'back'} ${clock.now()}`));
});
afterEach(() => heartbeat.close());

function open(): void {
  channel.onopen?.();
}

function close(): void {
  channel.onclose?.();
}

/** The far side says that it is there, five times a second, and whether it hears media. */
async function beats(ms: number, data = '.'): Promise<void> {
  for (let time = 0; time < ms; time += 200) {
    channel.onmessage?.({ data });
    await clock.advance(200);
  }
}

test('a far side that is killed is gone within 1.5 s, and back when it is heard of again', async () => {
  open();
  await beats(10_000);
  expect(told).toEqual([]);
  expect(sent).toEqual(Array(51).fill('.'));
  await clock.advance(5_000);
  expect(told).toEqual(['gone 11200']);
  await beats(2_000);
  expect(told).toEqual(['gone 11200', 'back 15000']);
});

test.each([50, 150, 250])(
  'one whose last beat was the second, %s ms after the first, is missed at the same time after it',
  async (ms) => {
    open();
    channel.onmessage?.({ data: '.' });
    await clock.advance(ms);
    channel.onmessage?.({ data: '.' });
    await clock.advance(5_000);
    expect(told).toEqual([`gone ${ms + 1_400}`]);
  },
);

test('media counts from when it was played, however late it is counted', async () => {
  open();
  await beats(1_000);
  await clock.advance(250);
  heartbeat.media(1_050);
  await clock.advance(5_000);
  expect(told).toEqual(['gone 2450']);
});

test('one that closes is gone after the time of a goodbye, also while what it sent before is still played', async () => {
  open();
  await beats(1_000);
  close();
  await clock.advance(250);
  heartbeat.alive();
  await clock.advance(5_000);
  expect(told).toEqual(['gone 2000']);
  // The channel broke, not the connection.
  heartbeat.alive();
  expect(told).toEqual(['gone 2000', 'back 6250']);
});

test('media is a sign of life too', async () => {
  open();
  await beats(1_000);
  for (let time = 0; time < 5_000; time += 250) {
    heartbeat.media(clock.now());
    await clock.advance(250);
  }
  expect(told).toEqual([]);
});

test('whose media is heard says a third as often that it is there, and as often as before when that ends', async () => {
  open();
  await beats(1_000);
  sent = [];
  await beats(6_000, '+');
  expect(sent.length).toBeGreaterThanOrEqual(10);
  expect(sent.length).toBeLessThanOrEqual(11);
  // At once, not at the end of the longer time.
  sent = [];
  channel.onmessage?.({ data: '.' });
  expect(sent).toEqual(['.']);
  await beats(1_000);
  expect(sent).toHaveLength(6);
});

test('says with each beat whether media came just before, whatever else came', async () => {
  open();
  await beats(1_000);
  sent = [];
  for (let time = 0; time < 1_000; time += 200) {
    heartbeat.media(clock.now());
    await clock.advance(200);
  }
  await beats(1_000);
  expect(sent).toEqual([...'++++++....']);
});

test('one that beats less often since its media came is gone as soon', async () => {
  open();
  await beats(600);
  for (let time = 0; time < 3_000; time += 600) {
    channel.onmessage?.({ data: '+' });
    heartbeat.media(clock.now());
    await clock.advance(600);
  }
  expect(told).toEqual([]);
  await clock.advance(5_000);
  expect(told).toEqual(['gone 4400']);
});

test('what is no beat of ours counts as one', async () => {
  open();
  for (const data of ['', '++', new ArrayBuffer(8), undefined, null, 7]) {
    channel.onmessage?.({ data });
    await clock.advance(1_000);
  }
  expect(told).toEqual([]);
  expect(sent.length).toBeGreaterThan(25);
});

test.each(['.', 'x'.repeat(64), new ArrayBuffer(8)])(
  'a flood of messages ends the channel, not the media beside it',
  async (data) => {
    open();
    await beats(1_000);
    for (let n = 0; n < 10_000 && channel.onmessage !== null; n++) {
      channel.onmessage({ data });
      heartbeat.media(clock.now());
      if (n % 10 === 0) await clock.advance(1);
    }
    expect([channel.onmessage, closed]).toEqual([null, 1]);
    close();
    for (let time = 0; time < 3_000; time += 250) {
      heartbeat.media(clock.now());
      await clock.advance(250);
    }
    expect(told).toEqual([]);
    await clock.advance(3_000);
    expect(told).toHaveLength(1);
  },
);

test.each([
  ['of 256 KiB', '.'.repeat(2 ** 18)],
  ['of 256 KiB as bytes', new ArrayBuffer(2 ** 18)],
])('the first message %s ends the channel', async (_, data) => {
  open();
  await beats(1_000, '.'.padEnd(64));
  expect(closed).toBe(0);
  channel.onmessage?.({ data });
  expect([channel.onmessage, closed]).toEqual([null, 1]);
});

test('beats that waited for an event loop that stood still for half a minute are no flood', async () => {
  open();
  await beats(1_000);
  for (let n = 0; n < 150; n++) channel.onmessage?.({ data: '.' });
  await beats(10_000);
  expect([closed, told]).toEqual([0, []]);
});

test('one that never says anything is not missed', async () => {
  open();
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

test('a channel that is refused tells nothing', async () => {
  close();
  await clock.advance(60_000);
  expect([told, sent]).toEqual([[], []]);
});

test('after the end nothing is sent or told', async () => {
  open();
  await beats(1_000);
  heartbeat.close();
  const before = sent.length;
  await clock.advance(60_000);
  expect([told, sent.length]).toEqual([[], before]);
});

test('what came while the event loop stood still is let in before anybody is missed', async () => {
  const due: (() => void)[] = [];
  let now = 0;
  const at = (_: number, wake: () => void) => {
    due.push(wake);
    return () => {};
  };
  const stalling = { ...clock, now: () => now, at };
  heartbeat = new Heartbeat({ createDataChannel: () => channel } as unknown as PeerConnection, stalling as never, () =>
    told.push('told'),
  );
  open();
  channel.onmessage?.({ data: '.' });
  const timers = due.splice(0);
  now = 10_000;
  for (const wake of timers) wake();
  channel.onmessage?.({ data: '.' });
  now = 10_300;
  for (const wake of due.splice(0)) wake();
  expect(told).toEqual([]);
});

test('a channel that closes before it says so throws at nobody', async () => {
  open();
  await beats(1_000);
  channel.send = () => {
    throw new Error("RTCDataChannel.readyState is not 'open'");
  };
  await clock.advance(200);
  close();
  await clock.advance(2_000);
  expect(told).toEqual(['gone 2200']);
});

/** Media and beats of the far side, which hears this one. */
async function talk(ms: number): Promise<void> {
  for (let time = 0; time < ms; time += 200) {
    heartbeat.media(clock.now());
    await beats(200, '+');
  }
}

test('while both hear media each says so every two seconds, and at once that it has ended, again and again', async () => {
  open();
  await talk(1_000);
  sent = [];
  await talk(20_000);
  expect(sent).toEqual(Array(10).fill('+'));
  sent = [];
  // The far side is muted, and hears this one as before: it is told before it would be missed, whatever is lost.
  await beats(600, '+');
  expect(sent.length).toBeGreaterThanOrEqual(1);
  await beats(800, '+');
  expect(sent.length).toBeGreaterThanOrEqual(4);
  expect(new Set(sent)).toEqual(new Set('.'));
  await beats(1_200, '+');
  sent = [];
  await beats(6_000, '+');
  expect(sent.length).toBeLessThanOrEqual(11);
  // It speaks again.
  sent = [];
  await talk(400);
  expect(sent).toEqual(['+']);
  expect(told).toEqual([]);
});
