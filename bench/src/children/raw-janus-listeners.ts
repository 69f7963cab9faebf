import { rawJanusSubscriber } from '@sluice/transport/testing';
import { serve } from './serve.ts';

const LOUD = 500;
let samples = 0;
let pictures = 0;

serve({
  /** Subscribes in each room to everybody who is there. */
  async hear(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      const subscriber = await rawJanusSubscriber(url);
      subscriber.onAudio((heard) => {
        if (heard.samples.some((sample) => sample > LOUD)) samples += heard.samples.length;
      });
      subscriber.onPicture(() => {
        pictures++;
      });
    }
  },

  /** How much there was, of all. */
  taken: () => ({ heardMs: samples / 48, pictures }),
});
