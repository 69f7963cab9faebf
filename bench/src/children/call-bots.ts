import type { AudioFrame } from '@sluice/core';
import { CallClient, Daily, type MediaHostMode, type Participant } from '@sluice/transport';
import { collectGarbage } from './collect-garbage.ts';
import { serve } from './serve.ts';
import { TickWatch } from './tick-watch.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 20);
const clients: CallClient[] = [];
let heard = 0;
let ticks: TickWatch | undefined;

serve({
  /** Loaded, and without garbage. */
  settle: collectGarbage,

  /** Starts the engine, which otherwise the first bot would do. */
  init(mediaHost: MediaHostMode): void {
    Daily.init({ mediaHost });
    Daily.destroyDevice(Daily.createMicrophoneDevice('warm-up'));
  },

  /** One bot for each room, with a microphone of its own; it speaks, and hears whoever is there. */
  async join(urls: readonly string[], name: string): Promise<void> {
    await Promise.all(urls.map((url, index) => join(url, `${name}-${index}`)));
  },

  /** Milliseconds of audio that each bot has heard on average. */
  heardMs: (): number => heard / clients.length,

  /** From now on it is seen how late ticks come. */
  watch(): void {
    ticks ??= new TickWatch();
    ticks.start();
  },

  seen: () => ticks!.seen,
});

async function join(url: string, deviceId: string): Promise<void> {
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: 48_000 });
  const client = new CallClient();
  clients.push(client);
  const hear = ({ participant }: { readonly participant: Participant }) =>
    client.setAudioRenderer(participant.id, count, { sampleRate: 48_000 });
  client.on('participant-joined', hear);
  await client.join(url, { clientSettings: { inputs: { microphone: { isEnabled: true, settings: { deviceId } } } } });
  for (const participant of Object.values(client.participants())) if (!participant.info.isLocal) hear({ participant });
  void speak(microphone);
}

async function speak(microphone: ReturnType<typeof Daily.createMicrophoneDevice>): Promise<void> {
  for (let index = 0; ; index++) await microphone.writeFrames(slices[index % slices.length]!);
}

function count(_: string, frame: AudioFrame): void {
  heard += frame.duration / 1000;
  frame.close();
}
