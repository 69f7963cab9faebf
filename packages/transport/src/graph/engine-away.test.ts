import { AudioFrame, graph, pullSource, samplesToMicros } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Daily } from '../daily.ts';
import { DeviceRegistry, setCurrentDevices } from '../devices/registry.ts';
import { createChildHost } from '../host/child/child-host.ts';
import type { EngineProcessHandlers } from '../host/child/engine-process.ts';
import { toMicrophone } from './to-microphone.ts';

const RATE = 16_000;
let clock: VirtualClock;
let dies: () => void;
let sent: number;

beforeEach(() => {
  clock = new VirtualClock();
  let engine: EngineProcessHandlers;
  sent = 0;
  const start = (handlers: EngineProcessHandlers) => {
    engine = handlers;
    const send = () => {
      sent++;
    };
    const memory = { send: undefined, receive: undefined };
    return { memory, pid: 1, send, setReferenced: () => {}, close: async () => {} };
  };
  dies = () => engine.died(null, 'SIGKILL');
  setCurrentDevices(new DeviceRegistry({ clock, createHost: () => createChildHost({ clock, start }) }));
});
afterEach(() => setCurrentDevices(undefined));

function silence() {
  let at = 0;
  return pullSource<AudioFrame>({ name: 'silence', format: { kind: 'audio', sampleRate: RATE, channels: 1 } }, () => ({
    read: () => {
      const timestamp = samplesToMicros(at, RATE);
      at += 320;
      return new AudioFrame({ samples: new Int16Array(320), sampleRate: RATE, channels: 1, timestamp });
    },
  }));
}

test('between two engines a bot is interrupted, paused and resumed at once, and its writer waits as on a full device', async () => {
  const device = Daily.createMicrophoneDevice('mic', { sampleRate: RATE });
  for (const wait of [0, 0, 250, 1_000]) {
    await clock.advance(wait);
    dies();
  }
  device.input.use().set('heard');
  const bot = graph('bot', { clock });
  bot.from(silence()).to(toMicrophone(device));
  const over = bot.run();
  await clock.advance(2_000);
  expect(device.queuedDuration).toBeGreaterThan(device.capacityMs);
  expect(device.queuedDuration).toBeLessThanOrEqual(device.capacityMs + 40);

  const before = { sent, at: clock.now() };
  let interrupted = false;
  const interruption = bot.interrupt().then((report) => {
    interrupted = true;
    return report;
  });
  await clock.advance(100);
  expect(interrupted).toBe(true);
  const { heardMs, droppedMs } = await interruption;
  expect(heardMs).toBe(0);
  expect(droppedMs).toBeGreaterThanOrEqual(device.capacityMs);
  await clock.settle();
  expect(device.queuedDuration).toBeGreaterThan(0);

  let paused = false;
  void bot.pause().then(() => {
    paused = true;
  });
  await clock.advance(100);
  expect(paused).toBe(true);
  await bot.resume();
  // No engine came meanwhile.
  expect([sent, clock.now()]).toEqual([before.sent, before.at + 200]);

  bot.abort();
  await expect(over).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
});
