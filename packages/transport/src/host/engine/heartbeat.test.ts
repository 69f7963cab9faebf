import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Heartbeat } from './heartbeat.ts';
import type { DataChannel, PeerConnection } from './wrtc.ts';

let clock: VirtualClock;
let sent: number;
let channel: { -readonly [K in keyof DataChannel]: DataChannel[K] };
let heartbeat: Heartbeat;
let told: string[];

beforeEach(() => {
  clock = new VirtualClock();
  sent = 0;
  told = [];
  channel = { readyState: 'connecting', onopen: null, onmessage: null, onclose: null, send: () => sent++ };
  const pc = { createDataChannel: () => channel } as unknown as PeerConnection;
  heartbeat = new Heartbeat(pc, clock, () => told.push(`${heartbeat.gone ? 'gone' : 'back'} ${clock.now()}`));
});
afterEach(() => heartbeat.close());

function open(): void {
  channel.readyState = 'open';
  channel.onopen?.();
}

function close(): void {
  channel.readyState = 'closed';
  channel.onclose?.();
}

/** The far side says that it is there, five times a second. */
async function beats(ms: number): Promise<void> {
  for (let time = 0; time < ms; time += 200) {
    channel.onmessage?.();
    await clock.advance(200);
  }
}

test('a far side that is killed is gone within 1.5 s, and back when it is heard of again', async () => {
  open();
  await beats(10_000);
  expect(told).toEqual([]);
  expect(sent).toBe(51);
  await clock.advance(5_000);
  expect(told).toEqual(['gone 11200']);
  await beats(2_000);
  expect(told).toEqual(['gone 11200', 'back 15000']);
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
    heartbeat.alive();
    await clock.advance(250);
  }
  expect(told).toEqual([]);
});

test('one that never says anything is not missed', async () => {
  open();
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

test('a channel that is refused tells nothing', async () => {
  close();
  await clock.advance(60_000);
  expect([told, sent]).toEqual([[], 0]);
});

test('after the end nothing is sent or told', async () => {
  open();
  await beats(1_000);
  heartbeat.close();
  const before = sent;
  await clock.advance(60_000);
  expect([told, sent]).toEqual([[], before]);
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
  channel.onmessage?.();
  const timers = due.splice(0);
  now = 10_000;
  for (const wake of timers) wake();
  channel.onmessage?.();
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
