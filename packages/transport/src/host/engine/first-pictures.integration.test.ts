import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkConnections, plainPicture, wait, watch } from '../../../test/linked-connections.ts';
import { until } from '../../../test/until.ts';
import { type MediaHost, videoCodecs } from '../media-host.ts';
import { createInProcessHost } from './in-process-host.ts';

const sizes = [
  [400, 300],
  [640, 360],
  [1_280, 720],
] as const;
const FIRST_LUMA = 60;

describe('the first pictures of a track', () => {
  let host: MediaHost;
  beforeAll(() => {
    host = createInProcessHost();
  });
  afterAll(() => host.close());

  it.each(videoCodecs.flatMap((codec) => sizes.map(([width, height]) => ({ codec, width, height }))))(
    'are sent, from the very first on, in $codec of $width x $height',
    async ({ codec, width, height }) => {
      const { a, b, negotiate, close } = linkConnections(host);
      const source = host.createVideoSource({ screen: false });
      a.addTrack('camera', source, { codec });
      const connected = new Promise<void>((resolve) => a.on('state', (state) => state === 'connected' && resolve()));
      const seen = watch(b, 'camera');
      await negotiate();
      await connected;
      // Each a little lighter than the one before: whoever sees the first knows it by that.
      for (let index = 0; index < 6; index++) {
        source.write(plainPicture({ width, height }, FIRST_LUMA + 20 * index), () => {});
        await wait(50);
      }
      await until(() => seen.length > 0);
      await wait(300);
      const { framesEncoded } = await a.stats();
      close();
      source.close();
      expect(framesEncoded).toBe(6);
      expect(Math.abs(seen[0]!.data[0]! - FIRST_LUMA)).toBeLessThan(20);
    },
  );

  it('are sent after they grow', async () => {
    const { a, b, negotiate, close } = linkConnections(host);
    const source = host.createVideoSource({ screen: false });
    a.addTrack('camera', source);
    const connected = new Promise<void>((resolve) => a.on('state', (state) => state === 'connected' && resolve()));
    const seen = watch(b, 'camera');
    await negotiate();
    await connected;
    for (const [width, height] of [
      [320, 240],
      [640, 480],
      [1_280, 720],
    ] as const)
      for (let index = 0; index < 4; index++) {
        source.write(plainPicture({ width, height }, FIRST_LUMA + 20 * index), () => {});
        await wait(50);
      }
    await until(() => seen.at(-1)?.width === 1_280);
    const { framesEncoded } = await a.stats();
    close();
    source.close();
    expect(framesEncoded).toBe(12);
  });
});
