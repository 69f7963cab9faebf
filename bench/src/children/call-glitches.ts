import { glitchesSince } from '@sluice/core';
import { CallClient, Daily, type MediaHostMode, type Participant, type TrackGlitches } from '@sluice/transport';
import { blockLoop } from './block-loop.ts';
import { GapMeter, type HeardGaps } from './gap-meter.ts';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';

/** What the bots of one program heard and counted since the start, summed. */
export interface BotGlitches extends HeardGaps {
  /** Made up by receivers, by the counters of the engine. */
  readonly concealedMs: number;
  /** By the counts of sluice; undefined where nobody counts. */
  readonly own?: Readonly<Record<'sender' | 'receiver', number>>;
}

interface Bot {
  readonly client: CallClient;
  readonly meter: GapMeter;
  before: { readonly concealedMs: number; readonly glitches: readonly TrackGlitches[] };
}

const slices = toneSlices(440, 20);
const bots: Bot[] = [];
let stopBlocking = () => {};

serve({
  init: (mediaHost: MediaHostMode) => Daily.init({ mediaHost }),

  /** One bot for each room, with a microphone of its own; it speaks a tone, and hears whoever is there. */
  async join(urls: readonly string[], name: string): Promise<void> {
    await Promise.all(urls.map((url, index) => join(url, `${name}-${index}`)));
  },

  /** From now on it counts. */
  async start(): Promise<void> {
    for (const bot of bots) {
      bot.meter.reset();
      bot.before = await bot.client.networkStats();
    }
  },

  block(ms: number, everyMs: number): void {
    stopBlocking = blockLoop(ms, everyMs);
  },

  unblock: () => stopBlocking(),

  async read(): Promise<BotGlitches> {
    const total = { gaps: 0, gapMs: 0, heardMs: 0, concealedMs: 0, own: { sender: 0, receiver: 0 } };
    for (const { client, meter, before } of bots) {
      const { gaps, gapMs, heardMs } = meter.heard;
      const { concealedMs, glitches } = await client.networkStats();
      total.gaps += gaps;
      total.gapMs += gapMs;
      total.heardMs += heardMs;
      total.concealedMs += concealedMs - before.concealedMs;
      for (const edge of ['sender', 'receiver'] as const) total.own[edge] += gapsSince(glitches, before.glitches, edge);
    }
    return total;
  },
});

function gapsSince(now: readonly TrackGlitches[], before: readonly TrackGlitches[], edge: string): number {
  const tracks = now.filter((one) => one.edge === edge);
  return tracks.reduce((sum, one) => {
    const former = before.find((other) => other.edge === edge && other.participantId === one.participantId);
    return sum + (former === undefined ? one.gaps : glitchesSince(one, former).gaps);
  }, 0);
}

async function join(url: string, deviceId: string): Promise<void> {
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: 48_000 });
  const [client, meter] = [new CallClient(), new GapMeter(48_000)];
  bots.push({ client, meter, before: { concealedMs: 0, glitches: [] } });
  const hear = ({ participant }: { readonly participant: Participant }) =>
    client.setAudioRenderer(
      participant.id,
      (_, frame) => {
        meter.push(frame.samples);
        frame.close();
      },
      { sampleRate: 48_000 },
    );
  client.on('participant-joined', hear);
  await client.join(url, { clientSettings: { inputs: { microphone: { isEnabled: true, settings: { deviceId } } } } });
  for (const participant of Object.values(client.participants())) if (!participant.info.isLocal) hear({ participant });
  void speak(microphone);
}

async function speak(microphone: ReturnType<typeof Daily.createMicrophoneDevice>): Promise<void> {
  for (let index = 0; ; index++) await microphone.writeFrames(slices[index % slices.length]!);
}
