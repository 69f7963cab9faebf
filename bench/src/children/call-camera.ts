import { graph, videoFramePool } from '@sluice/core';
import { convertColor, fromTestPattern, overlay } from '@sluice/nodes';
import { CallClient, Daily, type MediaHostMode, offerLibyuv, toCamera } from '@sluice/transport';
import { collectGarbage } from './collect-garbage.ts';
import type { Seen } from './seen.ts';
import { serve } from './serve.ts';

const client = new CallClient();
const badge = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100">
  <rect width="400" height="100" rx="24" fill="#204080" fill-opacity="0.8"/><circle cx="60" cy="50" r="36" fill="white"/>
</svg>`;
let seen: Seen = { pictures: 0, width: 0 };

serve({
  settle: collectGarbage,

  pool: () => videoFramePool.stats,

  /** A test pattern in RGBA, converted, with a badge on it, into a camera. */
  async send(url: string, mediaHost: MediaHostMode, width: number, height: number): Promise<void> {
    Daily.init({ mediaHost });
    // As a bot would that converts every picture; with the engine in this process it is there anyway.
    if (mediaHost === 'child') offerLibyuv();
    const camera = Daily.createCameraDevice('camera', { width, height, colorFormat: 'I420' });
    const input = { isEnabled: true, settings: { deviceId: 'camera' } };
    await client.join(url, { clientSettings: { inputs: { camera: input } } });
    const bot = graph('camera');
    bot
      .from(fromTestPattern({ width, height, frameRate: 30, format: 'RGBA' }))
      .pipe(convertColor({ format: 'I420' }), overlay({ svg: badge }, { x: 'right', y: 'top', margin: 40 }))
      .to(toCamera(camera));
    await bot.start();
  },

  /** Counts the pictures of whoever comes. */
  async watch(url: string): Promise<void> {
    Daily.init();
    client.on('participant-joined', ({ participant }) => {
      client.setVideoRenderer(
        participant.id,
        (_, frame) => {
          seen = { pictures: seen.pictures + 1, width: frame.width };
          frame.close();
        },
        { colorFormat: 'I420' },
      );
    });
    await client.join(url);
  },

  seen(): Seen {
    const { width } = seen;
    const result = seen;
    seen = { pictures: 0, width };
    return result;
  },
});
