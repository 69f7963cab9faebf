import { graph } from '@sluice/core';
import { fromTestPattern, fromTone } from '@sluice/nodes';
import { CallClient, Daily, toCamera, toMicrophone, toWhip } from '@sluice/transport';
import { serve } from './serve.ts';

const size = { width: 640, height: 360 };
const tone = () => fromTone({ frequency: 440, sampleRate: 48_000, live: true });
const pattern = () => fromTestPattern({ ...size, frameRate: 15, format: 'I420', live: true });

serve({
  /** Publishes at each URL by WHIP. */
  async publish(urls: readonly string[], pictures: boolean): Promise<void> {
    Daily.init();
    for (const url of urls) {
      const live = toWhip(url, { iceServers: [], ...(pictures ? { video: size } : {}) });
      const show = graph(url);
      show.from(tone()).to(live.audio);
      if (pictures) show.from(pattern()).to(live.video);
      await show.start();
    }
  },

  /** Does the same as a participant of each room. */
  async join(urls: readonly string[], pictures: boolean): Promise<void> {
    Daily.init();
    for (const [index, url] of urls.entries()) {
      const microphone = Daily.createMicrophoneDevice(`tone-${index}`, { sampleRate: 48_000 });
      const camera = Daily.createCameraDevice(`pattern-${index}`, { ...size, colorFormat: 'I420' });
      await new CallClient().join(url, {
        clientSettings: {
          inputs: {
            microphone: { isEnabled: true, settings: { deviceId: `tone-${index}` } },
            camera: pictures ? { isEnabled: true, settings: { deviceId: `pattern-${index}` } } : false,
          },
        },
      });
      const show = graph(url);
      show.from(tone()).to(toMicrophone(microphone));
      if (pictures) show.from(pattern()).to(toCamera(camera));
      await show.start();
    }
  },
});
