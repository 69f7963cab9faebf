import { realClock, sleep } from '@sluice/core';
import { CallClient, Daily } from '@sluice/transport';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';
import { ToneWatch } from './tone-watch.ts';

const BURST_MS = 500;
const burst = toneSlices(440, BURST_MS)[0]!;
/** Time for an answer, in milliseconds. */
const PAUSE_MS = 4_000;
let answers: number[] = [];

serve({
  /** A person for each room, who says something every few seconds. */
  async join(urls: readonly string[], name: string): Promise<void> {
    Daily.init();
    await Promise.all(urls.map((url, index) => join(url, `${name}-${index}`, index / urls.length)));
  },

  begin(): void {
    answers = [];
  },

  /** How long they waited for each answer since `begin`, in milliseconds. */
  answers: () => answers,
});

async function join(url: string, deviceId: string, phase: number): Promise<void> {
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: 48_000 });
  const client = new CallClient();
  const inputs = { camera: false as const, microphone: { isEnabled: true, settings: { deviceId } } };
  await client.join(url, { clientSettings: { inputs } });
  const watch = new ToneWatch();
  const { local: _, ...others } = client.participants();
  const agent = Object.values(others)[0];
  if (agent === undefined) throw new Error('there is no agent in the room');
  /** When what was said last ended, while no answer was heard. */
  let end = Number.POSITIVE_INFINITY;
  const hear = (_: string, frame: { samples: Int16Array; sampleRate: number; close(): void }) => {
    watch.push(frame.samples, frame.sampleRate, realClock.now());
    frame.close();
    if (watch.loudAt < end) return;
    answers.push(watch.loudAt - end);
    end = Number.POSITIVE_INFINITY;
  };
  client.setAudioRenderer(agent.id, hear, { sampleRate: 48_000, callbackIntervalMs: 10 });
  void (async () => {
    await sleep(realClock, phase * PAUSE_MS);
    for (;;) {
      const receipt = microphone.write(burst);
      microphone.flush();
      await receipt.started;
      end = realClock.now() + BURST_MS;
      await sleep(realClock, PAUSE_MS);
    }
  })();
}
