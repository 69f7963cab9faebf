import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HostPicture, VideoSendSettings } from '../media-host.ts';
import { VideoTap } from './video-tap.ts';

function tapped(settings: VideoSendSettings) {
  const sent: HostPicture[] = [];
  let stopped = 0;
  const track = { kind: 'video' as const, stop: () => stopped++ };
  const onFrame = ({ width, height, data }: HostPicture) => {
    // What the engine demands. Thousands come: an assertion for each would take longer than what is tried.
    const bytes = width * height + 2 * ((width + 1) >> 1) * ((height + 1) >> 1);
    if (data.length !== bytes || data.buffer.byteLength !== bytes)
      throw new Error(`${data.length} bytes, not ${bytes}`);
    sent.push({ width, height, data });
  };
  const tap = new VideoTap({ createTrack: () => track, onFrame }, settings, () => {});
  return { tap, sent, stopped: () => stopped };
}

const picture = (width: number, height: number): HostPicture => ({
  width,
  height,
  data: new Uint8Array(width * height + 2 * ((width + 1) >> 1) * ((height + 1) >> 1)).fill(77),
});

test('without settings every picture passes as it is', () => {
  const { tap, sent } = tapped({});
  const one = picture(5, 3);
  tap.take(one, 0);
  tap.take(one, 0);
  expect(sent.map(({ data }) => data)).toEqual([one.data, one.data]);
});

test('a rate is kept over any time, from any faster source, and not undercut', () => {
  const rates = fc.double({ min: 1, max: 60, noNaN: true });
  fc.assert(
    fc.property(
      rates,
      fc.double({ min: 1, max: 6, noNaN: true }),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
      (rate, times, jitter) => {
        const { tap, sent } = tapped({ maxFramerate: rate });
        const interval = 1000 / (rate * times);
        const one = picture(2, 2);
        const count = Math.ceil(10_000 / interval);
        for (let at = 0; at < count; at++) tap.take(one, at * interval + jitter * interval * (at % 2));
        expect(sent.length).toBeLessThanOrEqual(10 * rate + 2);
        expect(sent.length).toBeGreaterThanOrEqual(Math.floor((10 * rate) / 2));
      },
    ),
  );
});

test('a source at just the rate loses nothing to its jitter', () => {
  const { tap, sent } = tapped({ maxFramerate: 30 });
  const one = picture(2, 2);
  for (let at = 0; at < 300; at++) tap.take(one, (at * 1000) / 30 + (at % 3) * 4);
  expect(sent.length).toBe(300);
});

test('smaller pictures are even in size, never larger, and of the same colour', () => {
  const side = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(side, side, fc.double({ min: 1, max: 64, noNaN: true }), (width, height, by) => {
      const { tap, sent } = tapped({ scaleResolutionDownBy: by });
      tap.take(picture(width, height), 0);
      const [small] = sent;
      expect(small!.width).toBeLessThanOrEqual(width);
      expect(small!.height).toBeLessThanOrEqual(height);
      expect(small!.data.every((byte) => byte === 77)).toBe(true);
      if (small!.width < width) expect([small!.width % 2, small!.height % 2]).toEqual([0, 0]);
    }),
  );
});

test('follows new settings and new sizes at once', () => {
  const { tap, sent, stopped } = tapped({ scaleResolutionDownBy: 2 });
  tap.take(picture(64, 32), 0);
  tap.take(picture(32, 64), 33);
  tap.configure({ scaleResolutionDownBy: 4 });
  tap.take(picture(64, 32), 66);
  tap.configure({});
  tap.take(picture(64, 32), 99);
  expect(sent.map(({ width, height }) => `${width}x${height}`)).toEqual(['32x16', '16x32', '16x8', '64x32']);
  tap.close();
  expect(stopped()).toBe(1);
});

test('colours become those of the codec, also of smaller pictures, and the picture of the source stays as it is', () => {
  const { tap, sent } = tapped({ scaleResolutionDownBy: 2 });
  const green: HostPicture = {
    width: 8,
    height: 4,
    data: new Uint8Array([...Array(32).fill(145), ...Array(8).fill(54), ...Array(8).fill(34)]),
  };
  const before = green.data.slice();
  tap.take(green, 0);
  tap.sendColors('bt709');
  tap.take(green, 40);
  tap.sendColors('bt601');
  tap.take(green, 80);
  expect(green.data).toEqual(before);
  const first = sent.map(({ width, height, data }) => [data[0], data[width * height], data[width * height * 1.25]]);
  // Pure green of BT.601, and the same in BT.709: 16 + 219 * 0.7152, 128 - 112 * 0.7152 / 0.9278, 128 - 112 * 0.7152 / 0.7874.
  expect(first[0]).toEqual([145, 54, 34]);
  expectNear(first[1]!, [173, 42, 26]);
  expect(first[2]).toEqual([145, 54, 34]);
});

test('pictures that say their colours keep them: what came as BT.709 is not taken for BT.601', () => {
  const { tap, sent } = tapped({ scaleResolutionDownBy: 2 });
  const planes = (y: number, u: number, v: number) =>
    new Uint8Array([...Array(32).fill(y), ...Array(8).fill(u), ...Array(8).fill(v)]);
  const greenOf = () => {
    const { width, height, data } = sent.at(-1)!;
    return [data[0], data[width * height], data[width * height * 1.25]];
  };
  // Pure green by ITU-R BT.709-6, limited and full, and by BT.601-7.
  const inHd: HostPicture = { width: 8, height: 4, colorSpace: 'bt709', data: planes(173, 42, 26) };
  tap.take(inHd, 0);
  expectNear(greenOf(), [145, 54, 34]);
  tap.sendColors('bt709');
  tap.take(inHd, 40);
  expect(greenOf()).toEqual([173, 42, 26]);
  tap.take({ ...inHd, colorSpace: 'bt709-full', data: planes(182, 30, 12) }, 80);
  expectNear(greenOf(), [173, 42, 26]);
});

function expectNear(got: readonly (number | undefined)[], expected: readonly number[]): void {
  for (const [index, value] of expected.entries()) expect(Math.abs(got[index]! - value)).toBeLessThan(3);
}
