// What calls cost: latency, skew of lips and voice, bots in one process, memory over joins and leaves.

import { realClock, sleep } from '@sluice/core';
import {
  CallClient,
  CustomAudioSource,
  CustomAudioTrack,
  Daily,
  type RoomServer,
  startRoomServer,
} from '@sluice/transport';
import { ProbeListener, probeSamples, rawCall, writePaced } from '@sluice/transport/testing';
import type { BenchOptions, Report } from '../measuring/report.ts';
import { percentileInTenths, type Rounds } from '../measuring/rounds.ts';
import { microphoneUtterance, rawUtterance } from './utterance.ts';

const sampleRate = 48_000;
const format = { sampleRate, channels: 1 };
/** Frames at the start that are left out: the jitter buffer settles. */
const settling = 100;
const raw = 'raw @roamhq/wrtc';

/** One way, from writing a 10 ms slice to the callback that brings it, read from a coded signal. */
export const bench = {
  name: 'latency',
  async run(report: Report, { quick }: BenchOptions): Promise<void> {
    const frames = quick ? 200 : 400;
    const reference = (await rawLatency(frames)).value;
    const server = await startRoomServer();
    Daily.init();
    try {
      const custom = await customSourceLatency(server.roomUrl('custom'), frames);
      report('custom source to renderer, cushion 0', custom, 'ms', { name: raw, value: reference }, 'lower');
      const device = await microphoneLatency(server, frames);
      report('microphone to speaker, defaults', device, 'ms', { name: raw, value: reference }, 'lower');
      const times = quick ? 5 : 15;
      const peer = { name: raw, value: (await rawUtterance(times)).value };
      report('whole utterance at once, idle microphone', await microphoneUtterance(server, times), 'ms', peer, 'lower');
    } finally {
      await Daily.deinit();
      await server.close();
    }
  },
};

async function rawLatency(frames: number): Promise<Rounds> {
  const call = await rawCall({ sampleRate });
  try {
    const listener = new ProbeListener();
    call.onAudio((audio, at) =>
      listener.push(audio.samples, { sampleRate: audio.sampleRate, channels: audio.channelCount }, at),
    );
    return await speak(listener, frames, call.write);
  } finally {
    call.close();
  }
}

export async function customSourceLatency(roomUrl: string, frames: number): Promise<Rounds> {
  await using speaker = new CallClient();
  await using hearer = new CallClient();
  // As the raw engine: nothing is sent before the first write. Silence during the join would teach the receiver's jitter
  // buffer the jitter of joining, which it keeps for many seconds.
  const source = new CustomAudioSource(sampleRate, 1, { cushionMs: 0, autoSilence: false });
  await speaker.join(roomUrl);
  await speaker.addCustomAudioTrack('probe', new CustomAudioTrack(source));
  const listener = new ProbeListener();
  hearer.setAudioRenderer(
    speaker.participants().local.id,
    (_, frame) => {
      listener.push(frame.samples, frame, realClock.now());
      frame.close();
    },
    { audioSource: 'probe', sampleRate, callbackIntervalMs: 10 },
  );
  await hearer.join(roomUrl);
  // What is written before somebody can hear it waits, and all after it would come later.
  const first = source.write(new Int16Array(sampleRate / 100));
  source.flush();
  await first.ready;
  const report = await speak(listener, frames, (slice) => void source.write(slice));
  source.close();
  return report;
}

async function microphoneLatency(server: RoomServer, frames: number): Promise<Rounds> {
  await using speaker = new CallClient();
  await using hearer = new CallClient();
  const microphone = Daily.createMicrophoneDevice('latency-microphone', format);
  const device = Daily.createSpeakerDevice('latency-speaker', format);
  Daily.selectSpeakerDevice('latency-speaker');
  const settings = { isEnabled: true, settings: { deviceId: 'latency-microphone' } };
  await speaker.join(server.roomUrl('device'), { clientSettings: { inputs: { microphone: settings } } });
  await hearer.join(server.roomUrl('device'));
  const listener = new ProbeListener();
  let open = true;
  const listening = (async () => {
    while (open) {
      const bytes = await device.readFrames(sampleRate / 100);
      const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
      if (samples.length > 0) listener.push(samples, format, realClock.now());
    }
  })();
  await until(() => listener.heardMs > 1000);
  const first = microphone.write(new Int16Array(sampleRate / 100));
  microphone.flush();
  await first.ready;
  const report = await speak(listener, frames, (slice) => void microphone.write(slice));
  open = false;
  await listening;
  Daily.destroyDevice(microphone);
  Daily.destroyDevice(device);
  return report;
}

/** Writes the signal in real time: the median delay, and that of each tenth of it. */
export async function speak(
  listener: ProbeListener,
  frames: number,
  write: (slice: Int16Array) => void,
): Promise<Rounds> {
  const written = await writePaced(write, probeSamples(frames, format), sampleRate);
  await sleep(realClock, 500);
  const { arrivals } = listener.report({ expected: { first: settling, end: frames } });
  const settled = arrivals.filter(({ index }) => index >= settling && index < frames);
  if (settled.length === 0) throw new Error('nothing was heard: the call did not carry the probe signal');
  return percentileInTenths(
    settled.map(({ index, at }) => at - written[2 * index]!),
    0.5,
  );
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = realClock.now() + 10_000;
  while (!condition()) {
    if (realClock.now() > deadline) throw new Error('the call carried no audio within 10 s');
    await sleep(realClock, 20);
  }
}
