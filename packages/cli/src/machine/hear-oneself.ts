import { setTimeout as sleep } from 'node:timers/promises';
import { closeFrame } from '@sluice/core';
import { measureTone, peak, testTone } from '@sluice/core/testing';
import type { CallClient } from '@sluice/transport';
import { notInstalled } from '../errors.ts';

const sampleRate = 16_000;
const HZ = 440;
/** Louder than this is the tone, in sample units: it is sent at 8,000. */
const HEARD = 1_000;
/** How much of it is measured. */
const MEASURED_MS = 300;

/** As long as this nothing may come for it to be silent. */
const QUIET_MS = 200;

/** What came back of a tone. */
export interface OwnTone {
  /** From the first sample that was written until it was heard. */
  readonly latencyMs: number;
  /** What was heard. */
  readonly hz: number;
  /** From the beginning, calls and all. */
  readonly totalMs: number;
}

/**
 * Sends a tone through a call to itself: a room server, two participants, WebRTC between them, all on this machine.
 *
 * @throws the signal's reason if it takes too long, and what fails a call
 */
export async function hearOneself(signal: AbortSignal): Promise<OwnTone> {
  const begun = performance.now();
  const { CallClient, Daily, fromCall, startRoomServer } = await import('@sluice/transport').catch((error: unknown) => {
    throw notInstalled('@sluice/transport is not installed', 'npm install @sluice/transport', error);
  });
  Daily.init();
  const server = await startRoomServer({ port: 0 });
  const clients: CallClient[] = [];
  try {
    const microphone = Daily.createMicrophoneDevice('doctor', { sampleRate, channels: 1 });
    const [speaks, hears] = [new CallClient(), new CallClient()];
    clients.push(speaks, hears);
    const device = { isEnabled: true, settings: { deviceId: 'doctor' } };
    const url = server.roomUrl('doctor');
    await speaks.join(url, { clientSettings: { inputs: { camera: false, microphone: device } } });
    await hears.join(url, { clientSettings: { inputs: { camera: false, microphone: false } } });
    const ear = new Ear();
    const listening = fromCall(hears, { sampleRate, channels: 1 }).subscribe((frame) => {
      ear.take(frame.samples);
      closeFrame(frame);
    });
    try {
      const tone = (durationMs: number) => testTone({ frequency: HZ, sampleRate, durationMs, amplitude: 8_000 });
      // Until it comes through, and what came tells which tone it was.
      while (!ear.isFull) await Promise.all([microphone.writeFrames(tone(100)), sleep(90, undefined, { signal })]);
      const { frequency } = measureTone(ear.samples, sampleRate, HZ);
      // Then silence, and again: only the way itself is measured, not how long a call takes to begin.
      while (performance.now() - ear.lastAt < QUIET_MS) await sleep(10, undefined, { signal });
      ear.forget();
      const written = performance.now();
      void microphone.writeFrames(tone(200)).catch(() => {});
      while (ear.firstAt === undefined) await sleep(1, undefined, { signal });
      return {
        latencyMs: Math.round(ear.firstAt - written),
        hz: Math.round(frequency),
        totalMs: Math.round(performance.now() - begun),
      };
    } finally {
      listening.unsubscribe();
    }
  } finally {
    await Promise.all(clients.map((client) => client.release()));
    await server.close();
    await Daily.deinit();
  }
}

/** Takes what is heard: when it was loud, and the first of it. */
class Ear {
  firstAt: number | undefined;
  lastAt = 0;
  readonly samples = new Int16Array((sampleRate * MEASURED_MS) / 1_000);
  #taken = 0;

  get isFull(): boolean {
    return this.#taken === this.samples.length;
  }

  forget(): void {
    this.firstAt = undefined;
  }

  take(samples: Int16Array): void {
    if (peak(samples) < HEARD) return;
    this.lastAt = performance.now();
    this.firstAt ??= this.lastAt;
    const part = samples.subarray(0, this.samples.length - this.#taken);
    this.samples.set(part, this.#taken);
    this.#taken += part.length;
  }
}
