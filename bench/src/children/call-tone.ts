import { realClock, sleep } from '@sluice/core';
import {
  CallClient,
  Daily,
  type MediaHostMode,
  type Participant,
  type VirtualMicrophoneDevice,
} from '@sluice/transport';
import { blockLoop } from './block-loop.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { Recording } from './recording.ts';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 20);
const client = new CallClient();
const recording = new Recording();
let microphone: VirtualMicrophoneDevice;
let stopBlocking = () => {};
let speaking = true;

serve({
  /** Joins and speaks a tone, as far ahead as the microphone lets it: `capacityMs`, by default its own. */
  async speak(url: string, mediaHost: MediaHostMode, capacityMs?: number): Promise<void> {
    Daily.init({ mediaHost });
    microphone = Daily.createMicrophoneDevice('tone', {
      sampleRate: 48_000,
      ...(capacityMs !== undefined && { capacityMs }),
    });
    const settings = { isEnabled: true, settings: { deviceId: 'tone' } };
    await client.join(url, { clientSettings: { inputs: { microphone: settings } } });
    void write();
  },

  /** Joins and records whoever is there or comes. */
  async hear(url: string): Promise<void> {
    Daily.init();
    const hear = ({ participant }: { readonly participant: Participant }) =>
      client.setAudioRenderer(
        participant.id,
        (_, frame) => {
          recording.add(frame.samples);
          frame.close();
        },
        { sampleRate: 48_000 },
      );
    client.on('participant-joined', hear);
    await client.join(url);
    for (const participant of Object.values(client.participants()))
      if (!participant.info.isLocal) hear({ participant });
  },

  /** Stops speaking. Returns when the last sample was given to the engine. */
  async end(): Promise<number> {
    speaking = false;
    while (microphone.queuedDuration > 0) await sleep(realClock, 1);
    return monotonicMs();
  },

  block(ms: number): void {
    stopBlocking = blockLoop(ms);
  },

  unblock: () => stopBlocking(),
  underruns: () => microphone.counters.underruns,
  record: () => recording.start(),
  take: () => recording.take(),
  soundAt: () => recording.soundAt,
});

async function write(): Promise<void> {
  for (let index = 0; speaking; index++) await microphone.writeFrames(slices[index % slices.length]!);
}
