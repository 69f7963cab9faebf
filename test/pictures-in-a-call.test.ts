import { graph, type VideoFrame, videoFramePool } from '@sluice/core';
import { expectPsnr } from '@sluice/core/testing';
import { fromTestPattern, readTestPattern } from '@sluice/nodes';
import {
  CallClient,
  CustomVideoSource,
  CustomVideoTrack,
  Daily,
  fromParticipantVideo,
  type RoomServer,
  startRoomServer,
  toCamera,
  toCustomVideo,
} from '@sluice/transport';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const patiently = { timeout: 10_000 };

let server: RoomServer;
let ada: CallClient;
let grace: CallClient;
let openBefore: number;

beforeEach(async () => {
  openBefore = videoFramePool.stats.openBuffers;
  server = await startRoomServer();
});
afterEach(async () => {
  await Promise.all([ada.release(), grace.release()]);
  await Daily.deinit();
  await server.close();
  expect(videoFramePool.stats.openBuffers).toBe(openBefore);
});

async function meet(mediaHost: 'in-process' | 'child') {
  Daily.init({ mediaHost });
  [ada, grace] = [new CallClient(), new CallClient()];
  const url = server.roomUrl('pictures');
  await Promise.all([ada.join(url), grace.join(url)]);
  return ada.participants().local.id;
}

const show = (deviceId: string) => ada.updateInputs({ camera: { isEnabled: true, settings: { deviceId } } });

/** What a stream said, frame by frame. Every frame is closed. */
function reading(wanted: (number: number) => boolean = () => false) {
  const numbers: number[] = [];
  const sizes = new Set<string>();
  const kept = new Map<number, VideoFrame>();
  let unread = 0;
  return {
    numbers,
    sizes,
    kept,
    get unread() {
      return unread;
    },
    take(frame: VideoFrame) {
      const { width, height } = frame;
      sizes.add(`${width}x${height}`);
      const seen = readTestPattern(frame);
      if (seen === undefined) unread++;
      // A still picture is sent again.
      else if (numbers.at(-1) !== seen.frameNumber) numbers.push(seen.frameNumber);
      if (seen !== undefined && !kept.has(seen.frameNumber) && wanted(seen.frameNumber))
        kept.set(seen.frameNumber, frame);
      else frame.close();
    },
  };
}

/** Pictures of a pattern as they were sent, by number. */
async function asSent(options: Parameters<typeof fromTestPattern>[0], numbers: Iterable<number>) {
  const sent = new Map<number, VideoFrame>();
  const wanted = new Set(numbers);
  let number = 0;
  await fromTestPattern(options).forEach((frame) => {
    if (wanted.has(number)) sent.set(number, frame);
    else frame.close();
    number++;
  });
  return sent;
}

describe.each(['in-process', 'child'] as const)('a test pattern through a call, engine %s', (mediaHost) => {
  test('is seen as it was sent, and its numbers are read in their order', async () => {
    const id = await meet(mediaHost);
    const size = { width: 640, height: 360, frameRate: 30 };
    const pattern = { ...size, duration: 6 };
    const camera = Daily.createCameraDevice('camera', size);
    await show('camera');
    const seen = reading((number) => number >= 60 && number % 20 === 0);
    fromParticipantVideo(grace, id, { colorFormat: 'I420' }).subscribe((frame) => seen.take(frame));
    const bot = graph('pattern');
    bot.from(fromTestPattern(pattern)).to(toCamera(camera));
    await bot.run();
    await expect.poll(() => seen.numbers.at(-1), patiently).toBe(179);

    expect(seen.unread).toBe(0);
    expect(seen.numbers).toEqual([...seen.numbers].sort((a, b) => a - b));
    // The first ones were written before the connection stood.
    expect(seen.numbers.filter((number) => number >= 60).length).toBeGreaterThan(100);
    expect(seen.kept.size).toBeGreaterThan(2);
    const sent = await asSent(pattern, seen.kept.keys());
    for (const [number, frame] of seen.kept) {
      expectPsnr(sent.get(number)!, frame, { minDb: 30 });
      sent.get(number)!.close();
      frame.close();
    }
  });
});

test('a participant whose size changes in the middle is one stream of frames of both sizes', async () => {
  const id = await meet('child');
  const cameras = [
    Daily.createCameraDevice('portrait', { width: 180, height: 320 }),
    Daily.createCameraDevice('large', { width: 640, height: 360 }),
  ];
  await show('portrait');
  const seen = reading();
  const stream = fromParticipantVideo(grace, id, { colorFormat: 'RGBA' }).subscribe((frame) => seen.take(frame));
  for (const camera of cameras) {
    const bot = graph(camera.name);
    const { width, height } = camera;
    bot.from(fromTestPattern({ width, height, duration: 60 })).to(toCamera(camera));
    await bot.start();
    await show(camera.name);
    await expect.poll(() => seen.sizes.has(`${width}x${height}`), patiently).toBe(true);
    const before = seen.numbers.length;
    await expect.poll(() => seen.numbers.length, patiently).toBeGreaterThan(before + 10);
    await bot.abort();
  }
  expect(seen.unread).toBe(0);
  stream.unsubscribe();
});

test('slides go beside the camera, in a codec and at a rate of their own', async () => {
  const id = await meet('child');
  const pattern = { width: 640, height: 360, frameRate: 30 };
  const source = new CustomVideoSource(640, 360, 'RGBA', { screen: true });
  const encodings = { high: { maxFramerate: 5 } };
  await ada.updatePublishing({ customVideo: { slides: { sendSettings: { preferredCodec: 'VP9', encodings } } } });
  await ada.addCustomVideoTrack('slides', new CustomVideoTrack(source));
  const seen = reading();
  const stream = fromParticipantVideo(grace, id, { videoSource: 'slides' }).subscribe((frame) => seen.take(frame));
  const bot = graph('slides');
  bot.from(fromTestPattern({ ...pattern, duration: 60 })).to(toCustomVideo(source));
  await bot.start();
  await expect.poll(() => seen.numbers.length, patiently).toBeGreaterThan(20);
  const steps = seen.numbers.slice(5).map((number, at) => number - seen.numbers[at + 4]!);
  // Every sixth picture of 30 a second.
  expect(steps.reduce((sum, step) => sum + step) / steps.length).toBeGreaterThan(5);
  expect((await grace.networkStats()).videoCodecs).toEqual(['VP9']);
  await bot.abort();
  stream.unsubscribe();
});
