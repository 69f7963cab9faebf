import { type ColorSpace, colorSpaces } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInProcessHost } from '../../src/host/engine/in-process-host.ts';
import { type HostPicture, type MediaHost, videoCodecs } from '../../src/host/media-host.ts';
import { keepWriting } from '../linked-connections.ts';
import { until } from '../until.ts';
import { connectBrowser } from './browser-peer.ts';
import { type BrowserPage, openBrowser } from './chromium.ts';

type Rgb = readonly [red: number, green: number, blue: number];

const width = 640;
const height = 360;
/** In stripes from left to right. */
const colors: readonly Rgb[] = [
  [200, 40, 40],
  [40, 200, 60],
  [40, 60, 200],
  [200, 140, 110],
  [128, 128, 128],
  [10, 10, 10],
  [235, 240, 245],
  [0, 0, 0],
];
const stripe = width / colors.length;
const middles = colors.map((_, index) => index * stripe + stripe / 2);

/** A track that a page draws: the stripes. */
const canvasTrack = `async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: ${width}, height: ${height} });
  const context = canvas.getContext('2d');
  const draw = () => ${JSON.stringify(colors)}.forEach((color, index) => {
    context.fillStyle = 'rgb(' + color.join() + ')';
    context.fillRect(index * ${stripe}, 0, ${stripe}, ${height});
  });
  draw();
  setInterval(draw, 33);
  return canvas.captureStream(30).getVideoTracks()[0];
}`;

/** What the page's video shows in the middle of each stripe. */
const lookAtVideo = `(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: ${width}, height: ${height} });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(document.querySelector('video'), 0, 0, ${width}, ${height});
  return ${JSON.stringify(middles)}.map((x) => [...context.getImageData(x, ${height / 2}, 1, 1).data].slice(0, 3));
})()`;

/** The stripes as a camera gives them to the engine. */
function stripes(): HostPicture {
  const rgba = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) rgba.set([...colors[Math.floor((at % width) / stripe)]!, 255], at * 4);
  const data = new Uint8Array((width * height * 3) / 2);
  convertColor({ width, height, format: 'RGBA', data: rgba }, { width, height, format: 'I420', data });
  return { width, height, data };
}

/** The middle of each stripe of a received picture, read as `colorSpace`. */
function looksAs({ data, ...size }: HostPicture, colorSpace: ColorSpace): Rgb[] {
  const rgba = new Uint8Array(size.width * size.height * 4);
  const to = { width: size.width, height: size.height, format: 'RGBA', data: rgba } as const;
  convertColor({ ...to, format: 'I420', colorSpace, data }, to);
  const row = (size.height / 2) * size.width;
  return middles.map((x) => [...rgba.subarray(4 * (row + x), 4 * (row + x) + 3)] as unknown as Rgb);
}

/** The largest difference of a channel. */
function difference(seen: readonly Rgb[]): number {
  return Math.max(...seen.flatMap((color, index) => color.map((value, at) => Math.abs(value - colors[index]![at]!))));
}

/** What chroma of 8 bits, converted once or twice, and an encoder cost in flat colours. A wrong matrix costs 24 and more. */
const CODING = 10;

describe('colours between the engine and Chromium', () => {
  let browser: BrowserPage;
  let host: MediaHost;
  beforeAll(async () => {
    host = createInProcessHost();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.close();
  });

  it.each(videoCodecs)('are kept both ways in %s', async (codec) => {
    const peer = await connectBrowser(browser.page, host, { codec, pageTrack: canvasTrack });
    const picture = stripes();
    const stop = keepWriting(peer.source, () => picture);
    let seen: Rgb[] = [];
    await until(async () => {
      seen = await browser.page.evaluate<Rgb[]>(lookAtVideo);
      return difference(seen) <= CODING && peer.pictures.length > 10;
    }).catch(() => {});
    stop();
    peer.close();
    expect(difference(seen)).toBeLessThanOrEqual(CODING);
    // A page's canvas is sent in full range, in every codec.
    const received = peer.pictures.at(-1)!;
    const nearest = colorSpaces.map((space) => difference(looksAs(received, space)));
    expect(nearest[colorSpaces.indexOf('bt709-full')]).toBeLessThanOrEqual(CODING);
    expect(Math.min(...nearest)).toBe(nearest[colorSpaces.indexOf('bt709-full')]);
    // What the stream itself lets expect.
    expect(received.colorSpace).toBe(codec === 'VP8' ? 'bt601' : 'bt709');
  });

  it('are where they belong in pictures that a phone sends turned', async () => {
    // Red to the left and blue to the right, to be turned clockwise: red is at the top.
    const pageTrack = `async () => {
      const track = new MediaStreamTrackGenerator({ kind: 'video' });
      const writer = track.writable.getWriter();
      const canvas = new OffscreenCanvas(320, 180);
      const context = canvas.getContext('2d');
      context.fillStyle = 'red';
      context.fillRect(0, 0, 160, 180);
      context.fillStyle = 'blue';
      context.fillRect(160, 0, 160, 180);
      let count = 0;
      setInterval(() => {
        const upright = new VideoFrame(canvas, { timestamp: count++ * 33_333 });
        writer.write(new VideoFrame(upright, { rotation: 90, timestamp: upright.timestamp }));
        upright.close();
      }, 33);
      return track;
    }`;
    const peer = await connectBrowser(browser.page, host, { codec: 'VP8', pageTrack });
    await until(() => peer.pictures.length > 5);
    peer.close();
    const { data, ...size } = peer.pictures.at(-1)!;
    expect([size.width, size.height]).toEqual([180, 320]);
    const red = (x: number, y: number) => data[180 * 320 + 90 * 160 + (y >> 1) * 90 + (x >> 1)]!;
    expect(red(90, 40)).toBeGreaterThan(200);
    expect(red(90, 280)).toBeLessThan(128);
  });
});
