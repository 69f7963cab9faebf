import { graph } from '@sluice/core';
import { fromTestPattern } from '@sluice/nodes';
import { CallClient, CustomAudioSource, CustomAudioTrack, Daily, toCamera } from '@sluice/transport';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 10);
const size = { width: 320, height: 180, frameRate: 15 } as const;

serve({
  /** So many bots that speak and show themselves, and neither hear nor look at each other. */
  async join(url: string, count: number): Promise<void> {
    Daily.init();
    const camera = Daily.createCameraDevice('pattern', { ...size, colorFormat: 'I420' });
    const source = new CustomAudioSource(48_000, 1);
    const inputs = {
      microphone: { isEnabled: true, settings: { customTrack: { id: new CustomAudioTrack(source).id } } },
      camera: { isEnabled: true, settings: { deviceId: 'pattern' } },
    };
    for (let index = 0; index < count; index++) {
      const client = new CallClient();
      await client.updateSubscriptionProfiles({ base: { microphone: 'unsubscribed', camera: 'unsubscribed' } });
      await client.join(url, { userName: `bot ${index}`, clientSettings: { inputs } });
    }
    speakSlices([{ write: (samples) => void source.write(samples) }], slices);
    const show = graph('show');
    show.from(fromTestPattern({ ...size, format: 'I420' })).to(toCamera(camera));
    await show.start();
  },
});
