import { type AudioFrame, audioFrame, type Graph, graph, micros } from '@sluice/core';
import { fromFrames, pace } from '@sluice/nodes';
import { CallClient, Daily, type MediaHostMode, type Participant, toMicrophone } from '@sluice/transport';
import { CutMeter } from './cut-meter.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';

/** An interruption, by the clock that all processes share. */
export interface Interrupted {
  readonly at: number;
  /** What was queued, in milliseconds. */
  readonly droppedMs: number;
}

const slices = toneSlices(440, 20);
const client = new CallClient();
const meter = new CutMeter(48_000);
let bot: Graph;
/** Frames that are still to be said, and what wakes the source when there are some. */
let left = 0;
let wake = () => {};

serve({
  /** Joins; what it says waits in the pacer of a graph. */
  async speak(url: string, mediaHost: MediaHostMode): Promise<void> {
    Daily.init({ mediaHost });
    const microphone = Daily.createMicrophoneDevice('tone', { sampleRate: 48_000 });
    bot = graph('speaker');
    bot
      .from(fromFrames(utterances(), { format: { kind: 'audio', sampleRate: 48_000, channels: 1 } }))
      .pipe(pace({ maxHeld: 1_000 }))
      .to(toMicrophone(microphone));
    await bot.start();
    const settings = { isEnabled: true, settings: { deviceId: 'tone' } };
    await client.join(url, { clientSettings: { inputs: { microphone: settings } } });
  },

  /** Joins and hears whoever is there or comes. */
  async hear(url: string): Promise<void> {
    Daily.init({ mediaHost: 'in-process' });
    const hear = ({ participant }: { readonly participant: Participant }) =>
      client.setAudioRenderer(
        participant.id,
        (_, frame) => {
          meter.push(frame.samples, monotonicMs());
          frame.close();
        },
        { sampleRate: 48_000, callbackIntervalMs: 10 },
      );
    client.on('participant-joined', hear);
    await client.join(url);
    for (const participant of Object.values(client.participants()))
      if (!participant.info.isLocal) hear({ participant });
  },

  /** Says a tone of so many milliseconds, all of it at once. */
  say(ms: number): void {
    left = ms / 20;
    wake();
  },

  async interrupt(): Promise<Interrupted> {
    const at = monotonicMs();
    left = 0;
    const { droppedMs } = await bot.interrupt();
    return { at, droppedMs };
  },

  /** Waits for the next cut. Whether the tone sounds now. */
  listen(): boolean {
    meter.reset();
    return meter.isLoud;
  },

  heard: () => meter.heard,
});

async function* utterances(): AsyncGenerator<AudioFrame> {
  for (let index = 0; ; index++) {
    while (left === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    left--;
    const samples = slices[index % slices.length]!.slice();
    yield audioFrame({ samples, sampleRate: 48_000, channels: 1, timestamp: micros(index * 20_000) });
  }
}
