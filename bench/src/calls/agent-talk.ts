import { graph, realClock, sleep } from '@sluice/core';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { silence, voiceAgent } from '@sluice/nodes';
import { CallClient, Daily, fromCall, type RoomServer, toMicrophone } from '@sluice/transport';
import { rawCall } from '@sluice/transport/testing';
import { ToneWatch } from '../children/tone-watch.ts';

const sampleRate = 16_000;
/** How long the person speaks, in milliseconds. */
export const BURST_MS = 300;
/** The silence that ends a turn, from its last voiced sample, in milliseconds. */
export const HANG_MS = 200;
/** Of the detector on both sides: a block of 10 ms. */
const TONE = 440;

/** A person, and somebody who speaks a tone, falls silent when the person speaks, and speaks again when they are done. */
export interface Talk extends AsyncDisposable {
  readonly watch: ToneWatch;
  /** Speaks; resolves with the moment at which the first sample left. */
  speak(): Promise<number>;
}

function tone(ms: number): Int16Array {
  const samples = new Int16Array((ms * sampleRate) / 1_000);
  for (let i = 0; i < samples.length; i++) samples[i] = 10_000 * Math.sin((2 * Math.PI * TONE * i) / sampleRate);
  return samples;
}

/** An agent of fakes without latency, in a real call. `cushionMs` is that of its device. */
export async function agentTalk(server: RoomServer, cushionMs: number | undefined): Promise<Talk> {
  const url = server.roomUrl(`talk-${cushionMs ?? 'default'}`);
  const devices = [`voice-${cushionMs}`, `person-${cushionMs}`] as const;
  const voice = Daily.createMicrophoneDevice(devices[0], {
    sampleRate,
    ...(cushionMs === undefined ? {} : { cushionMs }),
  });
  const mouth = Daily.createMicrophoneDevice(devices[1], { sampleRate, cushionMs: 0 });
  const inputs = (deviceId: string) => ({
    clientSettings: { inputs: { camera: false as const, microphone: { isEnabled: true, settings: { deviceId } } } },
  });

  const agentClient = new CallClient();
  const bot = graph('agent');
  const agent = voiceAgent(bot, {
    hears: bot.from(fromCall(agentClient, { sampleRate, frameMs: 10 })),
    speaks: toMicrophone(voice),
    detector: fakeVoiceDetector({ hangMs: 50 }),
    vad: { hangOverMs: 60 },
    recognizer: fakeRecognizer({ texts: () => 'stop' }),
    model: fakeLanguageModel({ reply: () => 'tone' }),
    synthesizer: fakeSynthesizer({ wordMs: 20_000, frequency: TONE }),
    turns: [silence({ ms: HANG_MS, marginMs: 0 })],
  });
  await bot.start();
  await agentClient.join(url, inputs(devices[0]));

  const person = new CallClient();
  const watch = new ToneWatch();
  await person.join(url, inputs(devices[1]));
  const hear = (_: string, frame: { samples: Int16Array; sampleRate: number; close(): void }) => {
    watch.push(frame.samples, frame.sampleRate, realClock.now());
    frame.close();
  };
  person.setAudioRenderer(agentClient.participants().local.id, hear, { sampleRate, callbackIntervalMs: 10 });
  const burst = tone(BURST_MS);
  return {
    watch,
    async speak() {
      const receipt = mouth.write(burst);
      mouth.flush();
      await receipt.started;
      return realClock.now();
    },
    async [Symbol.asyncDispose]() {
      agent.end();
      bot.abort();
      await bot.finished.catch(() => {});
      await Promise.all([agentClient.release(), person.release()]);
      for (const device of [voice, mouth]) Daily.destroyDevice(device);
    },
  };
}

/** The same with two raw connections: whoever speaks the tone stops at the first loud block, and begins at the first quiet one. */
export async function rawTalk(): Promise<Talk> {
  const [there, back] = await Promise.all([rawCall({ sampleRate }), rawCall({ sampleRate })]);
  const watch = new ToneWatch();
  back.onAudio(({ samples, sampleRate: rate }, at) => watch.push(samples, rate, at));
  let speaks = true;
  there.onAudio(({ samples }) => {
    const loud = samples.some((sample) => Math.abs(sample) > 1_500);
    speaks = !loud;
  });
  const slices = tone(1_000);
  const pending: { offset: number; left: (at: number) => void }[] = [];
  const burst = tone(BURST_MS);
  const slice = sampleRate / 100;
  let index = 0;
  const start = realClock.now();
  let cancel = () => {};
  const tick = () => {
    const own = new Int16Array(slice);
    const at = (index * slice) % slices.length;
    if (speaks) own.set(slices.subarray(at, at + slice));
    back.write(own);
    const said = new Int16Array(slice);
    const current = pending[0];
    if (current !== undefined) {
      if (current.offset === 0) current.left(realClock.now());
      said.set(burst.subarray(current.offset, current.offset + slice));
      current.offset += slice;
      if (current.offset >= burst.length) pending.shift();
    }
    there.write(said);
    index++;
    cancel = realClock.at(start + index * 10, tick);
  };
  tick();
  await sleep(realClock, 500);
  return {
    watch,
    speak: () => new Promise((left) => pending.push({ offset: 0, left })),
    async [Symbol.asyncDispose]() {
      cancel();
      there.close();
      back.close();
    },
  };
}
