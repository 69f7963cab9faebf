import { type AudioFrame, createSink, graph } from '@sluice/core';
import { blockEventLoop, findGaps, type GapReport, testTone } from '@sluice/core/testing';
import { impair } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import type { VirtualMicrophoneDevice } from '../src/devices/audio/virtual-microphone.ts';
import { fromParticipantAudio } from '../src/graph/from-participant-audio.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

const RATE = 48_000;
const tone = testTone({ sampleRate: RATE, frequency: 440, durationMs: 1_000, amplitude: 8_000 });
/** The tone has -12 dBFS: what a receiver makes up fades away, and is a gap when it is 8 dB below. */
const thresholdDbfs = -20;

let server: RoomServer;
let ada: CallClient;
let grace: CallClient;
let microphone: VirtualMicrophoneDevice;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init();
  microphone = Daily.createMicrophoneDevice('mic', { sampleRate: RATE });
  ada = new CallClient();
  grace = new CallClient();
});
afterEach(async () => {
  await Promise.all([ada.leave(), grace.leave()]);
  await Daily.deinit();
  await server.close();
});

/** Ada can be heard by a graph; `take` gives what it heard since the call before. */
async function call() {
  const url = server.roomUrl('glitches');
  await ada.join(url, { clientSettings: { inputs: { microphone: true } } });
  await grace.join(url);
  const pieces: Int16Array[] = [];
  const write = (frame: AudioFrame) => {
    pieces.push(frame.samples.slice());
    frame.close();
  };
  const ear = graph('ear');
  const { id } = ada.participants().local;
  ear
    .from(fromParticipantAudio(grace, id, { sampleRate: RATE }))
    .to(createSink<AudioFrame>({ name: 'heard', open: () => ({ write, end: () => {} }) }));
  await ear.start();
  await until(() => pieces.length > 50);
  const take = () => Int16Array.from(pieces.splice(0).flatMap((piece) => [...piece]));
  return { ear, take, id };
}

/** Speaks as far ahead as the microphone lets it. */
async function speak(ms: number): Promise<void> {
  for (let done = 0; done < ms; done += 20) {
    const from = ((done * RATE) / 1000) % tone.length;
    await microphone.writeFrames(tone.slice(from, from + RATE / 50));
  }
}

/** By both edges. */
async function counted() {
  const [[sent], [received]] = [(await ada.networkStats()).glitches, (await grace.networkStats()).glitches];
  return { sent: sent!, received: received! };
}

const gapsIn = (heard: Int16Array): GapReport =>
  findGaps(heard, { sampleRate: RATE, minMs: 10, thresholdDbfs, ignoreEdges: true });

test('a writer that stops in the middle, and a loop that is blocked, are gaps at the sender as long as they are heard', async () => {
  const { ear, take } = await call();
  await speak(3_000);
  const idle = await counted();
  expect(idle.sent).toMatchObject({ edge: 'sender', track: 'microphone', gaps: 0, gapMs: 0, gapsPerHour: 0 });
  expect(idle.received).toMatchObject({ edge: 'receiver', track: 'microphone', gaps: 0, gapMs: 0 });
  take();
  for (const stop of ['wait', 'wait', 'block']) {
    await speak(1_000);
    if (stop === 'wait') await wait(microphone.queuedDuration + 300);
    else blockEventLoop(700);
  }
  await speak(1_000);
  microphone.flush();
  await wait(1_000);
  const { sent, received } = await counted();
  const { gaps, totalMs } = gapsIn(take());
  expect([gaps.length, sent.gaps, received.gaps]).toEqual([3, 3, 0]);
  // Of each the receiver fills the first 30 ms and more, in which a late writer was waited for, and fades.
  expect(Math.abs(sent.gapMs - totalMs)).toBeLessThan(3 * 60);
  expect(sent.gapMs).toBeCloseTo(microphone.glitches.gapMs);
  const [heard] = ear.inspect().nodes;
  expect(heard).toMatchObject({ kind: 'source', glitches: { gaps: 0 } });
  expect(heard!.glitches!.playedMs).toBeGreaterThan(6_000);
  ear.abort();
}, 40_000);

test('what a path loses is a gap at the receiver as long as it is heard, beside what it made up, and none at the sender', async () => {
  using path = await impair(ada, { seed: 5 });
  const { ear, take, id } = await call();
  let speaking = true;
  const voice = (async () => {
    while (speaking) await speak(1_000);
  })();
  await wait(3_000);
  const before = await counted();
  take();
  for (const ms of [200, 400]) {
    path.set({ loss: 1 }, 'outgoing');
    await wait(ms);
    path.set({}, 'outgoing');
    await wait(1_500);
  }
  const { sent, received } = await counted();
  const { gaps, totalMs } = gapsIn(take());
  speaking = false;
  await voice;
  expect([gaps.length, received.gaps - before.received.gaps]).toEqual([2, 2]);
  // Pieces of 10 ms are in or out as a whole, and the tone fades through the threshold.
  expect(Math.abs(received.gapMs - before.received.gapMs - totalMs)).toBeLessThan(2 * 40);
  const lost = received.gapMs + received.concealedMs - before.received.gapMs - before.received.concealedMs;
  expect(Math.abs(lost - 600)).toBeLessThan(150);
  expect(sent.gaps).toBe(0);
  expect(Daily.metrics()).toContain(
    `sluice_glitch_gaps_total{edge="receiver",kind="audio",track="microphone",participant="${id}"} ${received.gaps}\n`,
  );
  expect(Daily.metrics()).toContain(`edge="sender",kind="audio",track="microphone",participant="${id}"`);
  ear.abort();
}, 40_000);
