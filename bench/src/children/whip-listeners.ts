import { CallClient, Daily } from '@sluice/transport';
import { serve } from './serve.ts';

const LOUD = 500;
let samples = 0;
let pictures = 0;

serve({
  /** Joins each room, and takes everybody's sound and pictures. */
  async hear(urls: readonly string[], mediaHost: 'child' | 'in-process' = 'child'): Promise<void> {
    Daily.init({ mediaHost });
    for (const url of urls) {
      const client = new CallClient();
      client.on('participant-joined', ({ participant: { id } }) => {
        client.setAudioRenderer(
          id,
          (_, frame) => {
            if (frame.samples.some((sample) => sample > LOUD)) samples += frame.samples.length;
            frame.close();
          },
          { sampleRate: 48_000 },
        );
        client.setVideoRenderer(
          id,
          (_, frame) => {
            pictures++;
            frame.close();
          },
          { colorFormat: 'I420' },
        );
      });
      await client.join(url);
    }
  },

  /** How much there was, of all. */
  taken: () => ({ heardMs: samples / 48, pictures }),
});
