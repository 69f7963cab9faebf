import { realClock, sleep } from '@sluice/core';
import { CallClient, Daily } from '@sluice/transport';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';

const burst = toneSlices(440, 500)[0]!;
/** Time for an answer, in milliseconds. */
const PAUSE_MS = 4_000;

serve({
  /** A person for each room, who says something every few seconds. */
  async join(urls: readonly string[], name: string): Promise<void> {
    Daily.init();
    await Promise.all(urls.map((url, index) => join(url, `${name}-${index}`, index / urls.length)));
  },
});

async function join(url: string, deviceId: string, phase: number): Promise<void> {
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: 48_000 });
  const client = new CallClient();
  const inputs = { camera: false as const, microphone: { isEnabled: true, settings: { deviceId } } };
  await client.join(url, { clientSettings: { inputs } });
  void (async () => {
    await sleep(realClock, phase * PAUSE_MS);
    for (;;) {
      microphone.write(burst);
      microphone.flush();
      await sleep(realClock, PAUSE_MS);
    }
  })();
}
