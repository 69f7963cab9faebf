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
const raw = 'raw @roamhq/wrtc';

/** Frames of 20 ms of the signal that are measured. */
export interface Span {
  readonly name: string;
  readonly first: number;
  readonly end: number;
}

/** Without the first two seconds, in which a jitter buffer finds its size. */
const early: Span = { name: 'first 10 s', first: 100, end: 500 };
/** A jitter buffer begins with less than it wants, and stretches a tone for as long as this until it has that. */
const settled: Span = { name: 'after 20 s', first: 1_000, end: 1_200 };
const quickly: readonly Span[] = [{ ...early, end: 200 }];

/** Who speaks, slice by slice of 10 ms, and what is heard of that. */
interface Leg extends AsyncDisposable {
  readonly listener: ProbeListener;
  write(slice: Int16Array): void;
}

/** One way, from writing a 10 ms slice to the callback that brings it, read from a coded signal. */
export const bench = {
  name: 'latency',
  async run(report: Report, { quick }: BenchOptions): Promise<void> {
    const spans = quick ? quickly : [early, settled];
    const server = await startRoomServer();
    Daily.init();
    const ways: readonly (readonly [string, () => Promise<Leg>])[] = [
      ['custom source to renderer, cushion 0', () => customSource(server.roomUrl('custom'), { autoSilence: false })],
      ['the same, silence from the start', () => customSource(server.roomUrl('silence'), {})],
      ['microphone to speaker, defaults', () => microphoneToSpeaker(server)],
    ];
    try {
      for (const [name, open] of ways) {
        const [ours, engine] = await besideRaw(open, spans);
        for (const [at, span] of spans.entries()) {
          const peer = { name: raw, value: engine![at]!.value };
          report(`${name}, ${span.name}`, ours![at]!, 'ms', peer, 'lower');
        }
      }
      const times = quick ? 5 : 15;
      const peer = { name: raw, value: (await rawUtterance(times)).value };
      report('whole utterance at once, idle microphone', await microphoneUtterance(server, times), 'ms', peer, 'lower');
    } finally {
      await Daily.deinit();
      await server.close();
    }
  },
};

/** Both hear the same slices at the same times. */
async function besideRaw(open: () => Promise<Leg>, spans: readonly Span[]): Promise<readonly (readonly Rounds[])[]> {
  await using ours = await open();
  await using engine = await rawLeg();
  return await speak([ours, engine], spans);
}

async function rawLeg(): Promise<Leg> {
  const call = await rawCall({ sampleRate });
  const listener = new ProbeListener();
  call.onAudio((audio, at) =>
    listener.push(audio.samples, { sampleRate: audio.sampleRate, channels: audio.channelCount }, at),
  );
  return { listener, write: call.write, [Symbol.asyncDispose]: async () => call.close() };
}

/** A custom source without a cushion, heard by a renderer. */
export async function customSource(roomUrl: string, options: { readonly autoSilence?: boolean }): Promise<Leg> {
  const speaker = new CallClient();
  const hearer = new CallClient();
  const source = new CustomAudioSource(sampleRate, 1, { cushionMs: 0, ...options });
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
  await sent(source);
  return {
    listener,
    write: (slice) => void source.write(slice),
    async [Symbol.asyncDispose]() {
      source.close();
      await Promise.all([speaker, hearer].map((client) => client[Symbol.asyncDispose]()));
    },
  };
}

async function microphoneToSpeaker(server: RoomServer): Promise<Leg> {
  const speaker = new CallClient();
  const hearer = new CallClient();
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
  await sent(microphone);
  return {
    listener,
    write: (slice) => void microphone.write(slice),
    async [Symbol.asyncDispose]() {
      open = false;
      await listening;
      Daily.destroyDevice(microphone);
      Daily.destroyDevice(device);
      await Promise.all([speaker, hearer].map((client) => client[Symbol.asyncDispose]()));
    },
  };
}

/** What is written before somebody can hear it waits, and all after it would come later. What follows is an utterance of its own. */
async function sent(source: Pick<CustomAudioSource, 'write' | 'flush'>): Promise<void> {
  const first = source.write(new Int16Array(sampleRate / 100));
  source.flush();
  await first.ready;
  await sleep(realClock, 100);
}

/** Writes the signal to all in real time: for each, in each span, the median delay and that of each tenth of it. */
export async function speak(
  legs: readonly Pick<Leg, 'listener' | 'write'>[],
  spans: readonly Span[],
): Promise<readonly (readonly Rounds[])[]> {
  const write = (slice: Int16Array) => {
    for (const leg of legs) leg.write(slice.slice());
  };
  const written = await writePaced(write, probeSamples(spans.at(-1)!.end, format), sampleRate);
  await sleep(realClock, 500);
  return legs.map(({ listener }) =>
    spans.map((expected) => {
      const { arrivals } = listener.report({ expected });
      const heard = arrivals.filter(({ index }) => index >= expected.first && index < expected.end);
      if (heard.length === 0) throw new Error('nothing was heard: the call did not carry the probe signal');
      return percentileInTenths(
        heard.map(({ index, at }) => at - written[2 * index]!),
        0.5,
      );
    }),
  );
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = realClock.now() + 10_000;
  while (!condition()) {
    if (realClock.now() > deadline) throw new Error('the call carried no audio within 10 s');
    await sleep(realClock, 20);
  }
}
