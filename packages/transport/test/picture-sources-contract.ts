import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostPicture, HostVideoSource, MediaHost } from '../src/host/media-host.ts';
import { plainPicture } from './linked-connections.ts';

const plain = (width: number, height: number, luma: number) => plainPicture({ width, height }, luma);

/**
 * What every media host must do with pictures that are written to it, the one of the testing kit included. `settle`
 * lets the time pass that a picture may take.
 */
export function pictureSourcesContract(
  name: string,
  createHost: () => { readonly host: MediaHost; settle(): Promise<void> },
): void {
  describe(`pictures into a media host: ${name}`, () => {
    let host: MediaHost;
    let settle: () => Promise<void>;
    let source: HostVideoSource;
    let taken: string[];
    const write = (label: string, picture: HostPicture) => source.write(picture, () => taken.push(label));

    beforeEach(async () => {
      ({ host, settle } = createHost());
      await host.stats();
      source = host.createVideoSource({ screen: false });
      taken = [];
    });
    afterEach(() => host.close());

    it('takes pictures of any size in order, and says so once for each', async () => {
      write('a', plain(16, 16, 20));
      await settle();
      write('b', plain(17, 5, 40));
      await settle();
      write('c', plain(1, 1, 60));
      write('d', plain(1_920, 1_080, 80));
      await settle();
      expect(taken).toEqual(['a', 'b', 'c', 'd']);
      expect((await host.stats()).sources).toBe(1);
    });

    it('takes the newest of a burst, and each of the others is given back', async () => {
      for (let number = 0; number < 40; number++) write(String(number), plain(64, 64, number));
      await settle();
      expect(taken.length).toBe(40);
      expect(new Set(taken).size).toBe(40);
      expect(taken.at(-1)).toBe('39');
    });

    it('refuses what is no picture, and gives it back all the same', async () => {
      const { data } = plain(16, 16, 0);
      const wrong: [string, HostPicture, unknown][] = [
        ['bytes', { width: 16, height: 18, data }, expect.objectContaining({ code: 'SLUICE_FRAME_SHAPE' })],
        ['view', { width: 8, height: 8, data: data.subarray(0, 96) }, expect.any(TypeError)],
        ['large', { width: 16_384, height: 16_384, data }, expect.any(RangeError)],
        ['zero', { width: 0, height: 16, data }, expect.any(RangeError)],
        ['negative', { width: -16, height: -16, data }, expect.any(RangeError)],
        ['not a number', { width: Number.NaN, height: 16, data }, expect.any(TypeError)],
        ['part of a pixel', { width: 16.5, height: 16, data }, expect.any(TypeError)],
      ];
      for (const [label, picture, error] of wrong) expect(() => write(label, picture), label).toThrow(error as Error);
      write('good', plain(16, 16, 0));
      await settle();
      expect(taken).toEqual([...wrong.map(([label]) => label), 'good']);
    });

    it('takes nothing more when it is closed, and gives back what is under way', async () => {
      write('a', plain(640, 480, 20));
      write('b', plain(640, 480, 20));
      write('c', plain(640, 480, 20));
      source.close();
      source.close();
      expect(() => write('late', plain(16, 16, 0))).toThrow(expect.objectContaining({ code: 'SLUICE_HOST_CLOSED' }));
      await settle();
      expect([...taken].sort()).toEqual(['a', 'b', 'c', 'late']);
    });

    it('gives back what is under way when the host is closed', async () => {
      write('a', plain(640, 480, 20));
      write('b', plain(640, 480, 20));
      await host.close();
      await settle();
      expect(taken).toEqual(['a', 'b']);
    });
  });
}
