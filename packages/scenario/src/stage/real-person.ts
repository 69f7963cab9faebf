import { realClock } from '@sluice/core';
import type { Recognizer } from '@sluice/core/voice';
import { CallClient, Daily, fromParticipantAudio } from '@sluice/transport';
import { impair } from '@sluice/transport/testing';
import { notInMode } from '../errors.ts';
import { SampleLine } from '../room/sample-line.ts';
import { ConcealmentGauge } from './concealment-gauge.ts';
import { Ear } from './ear.ts';
import type { StagePerson } from './stage.ts';

interface PersonPlace {
  readonly url: string;
  readonly name: string;
  /** Of the microphone. */
  readonly device: string;
  readonly agentId: string;
  readonly sampleRate: number;
  readonly seed: number;
  readonly ear?: Recognizer;
  /** The moment on the stage's timeline. */
  readonly now: () => number;
}

/** Lets a person into a real room: a client with a microphone, behind a network that can be made worse. */
export async function joinAsPerson(
  place: PersonPlace,
): Promise<{ readonly person: StagePerson; readonly leave: () => Promise<void> }> {
  const { url, name, sampleRate, now } = place;
  // All that is said at once is written at once: nothing needs a cushion.
  const microphone = Daily.createMicrophoneDevice(place.device, { sampleRate, channels: 1, cushionMs: 0 });
  const client = new CallClient();
  client.setUserName(name);
  const path = await impair(client, { seed: place.seed });
  const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: microphone.name } } } as const;
  // An ear is for the agent alone, and so are the counters of its receiver.
  const media = {
    microphone: 'unsubscribed',
    screenAudio: 'unsubscribed',
    customAudio: { '*': 'unsubscribed' },
  } as const;
  await client.updateSubscriptions({ [place.agentId]: { media: { microphone: 'subscribed' } } }, { base: media });
  await client.join(url, { clientSettings: { inputs } });

  const mouth = new SampleLine(sampleRate);
  const ear = new Ear(sampleRate);
  if (place.ear !== undefined) await ear.understand(place.ear, (work) => work);
  let base: number | undefined;
  fromParticipantAudio(client, place.agentId, { sampleRate, callbackIntervalMs: 10 }).subscribe((frame) => {
    const index = Math.round((frame.timestamp * sampleRate) / 1_000_000);
    base ??= Math.round((now() * sampleRate) / 1_000) - frame.length - index;
    ear.hear(base + index, frame.samples.slice());
    frame.close();
  });
  const gauge = new ConcealmentGauge({ stats: () => client.networkStats(), ear, now });
  let left = false;
  const leave = async () => {
    if (left) return;
    left = true;
    await gauge.received();
    gauge.close();
    await client.release();
    path.close();
    Daily.destroyDevice(microphone);
    await ear.close();
  };
  const person: StagePerson = {
    name,
    mouth,
    ear,
    speak: async (samples, atMs) => {
      const waitMs = atMs - now();
      if (waitMs > 0) await new Promise<void>((resolve) => realClock.at(realClock.now() + waitMs, resolve));
      const receipt = microphone.write(samples);
      microphone.flush();
      await receipt.started;
      const startMs = now();
      mouth.write(Math.round((startMs * sampleRate) / 1_000), samples);
      return { startMs, endMs: startMs + (samples.length * 1_000) / sampleRate };
    },
    noise: () => {
      throw notInMode('noise', 'real');
    },
    echo: () => {
      throw notInMode('echo', 'real');
    },
    network: ({ delayMs = 0, jitterMs = 0, loss = 0 }) => path.set({ delayMs, jitterMs, loss }),
    cut: (ms) => void path.cut(ms),
    received: () => gauge.received(),
    leave,
  };
  return { person, leave };
}
