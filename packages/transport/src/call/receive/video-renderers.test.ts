import { type ColorFormat, colorFormats, type VideoFrame, videoFramePool } from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VideoRenderers } from './video-renderers.ts';

let clock: VirtualClock;
let faults: unknown[];
let renderers: VideoRenderers;
let frames: ReturnType<typeof trackFrames>;
beforeEach(() => {
  clock = new VirtualClock();
  faults = [];
  frames = trackFrames();
  renderers = new VideoRenderers(clock, (error) => faults.push(error));
});
afterEach(() => {
  frames.assertNone();
  frames.stop();
});

/** A picture of one colour arrives. */
function arrive(participantId = 'ada', track = 'camera', [width, height] = [4, 2], luma = 126): void {
  const data = new Uint8Array(width! * height! + 2 * ((width! + 1) >> 1) * ((height! + 1) >> 1)).fill(128);
  data.fill(luma, 0, width! * height!);
  renderers.take(participantId, track, { width: width!, height: height!, data });
}

function render(colorFormat?: ColorFormat, participantId = 'ada', videoSource = 'camera') {
  const seen: { readonly id: string; readonly frame: VideoFrame; readonly source: string; readonly first: number }[] =
    [];
  const cancel = renderers.set(
    participantId,
    (id, frame, source) => {
      seen.push({ id, frame, source, first: frame.data[0]! });
      frame.close();
    },
    { videoSource, ...(colorFormat !== undefined && { colorFormat }) },
  );
  return { seen, cancel };
}

test.each(colorFormats)('pictures come as %s, at the time of reception, of the size that was sent', async (format) => {
  const { seen } = render(format);
  await clock.advance(40);
  arrive();
  arrive('ada', 'camera', [7, 5]);
  expect(seen.map(({ id, source, frame: { width, height } }) => [id, source, width, height])).toEqual([
    ['ada', 'camera', 4, 2],
    ['ada', 'camera', 7, 5],
  ]);
  expect(seen[0]!.frame).toMatchObject({ format, timestamp: 40_000 });
  const grey = format === 'I420' ? 126 : 128;
  expect(seen[0]!.first).toBe(format === 'ARGB' || format === 'ABGR' ? 255 : grey);
});

test('one conversion serves all who want a format', () => {
  const clones: VideoFrame[] = [];
  const tap = { frame: (frame: VideoFrame) => clones.push(frame), end: () => {} };
  for (const colorFormat of ['RGBA', 'RGBA', 'I420', 'I420'] as const) renderers.add('ada', tap, { colorFormat });
  const before = videoFramePool.stats.requests;
  arrive();
  expect(videoFramePool.stats.requests - before).toBe(1);
  expect(clones.map(({ format }) => format)).toEqual(['RGBA', 'RGBA', 'I420', 'I420']);
  expect(clones[0]!.data).toBe(clones[1]!.data);
  for (const clone of clones) clone.close();
});

test('without anybody a picture is given back', () => {
  arrive();
  arrive('nobody', 'customVideo.slides');
});

test('a new renderer takes the place of the old, whose end does not end it', () => {
  const old = render();
  const next = render('RGB');
  old.cancel();
  arrive();
  expect([old.seen.length, next.seen.length]).toEqual([0, 1]);
  next.cancel();
  next.cancel();
  arrive();
  expect(next.seen.length).toBe(1);
});

test('one that throws is told, and does not disturb the others', () => {
  renderers.set(
    'ada',
    (_, frame) => {
      frame.close();
      throw new Error('mine');
    },
    {},
  );
  const seen: VideoFrame[] = [];
  renderers.add('ada', { frame: (frame) => seen.push(frame), end: () => {} }, {});
  arrive();
  seen[0]!.close();
  expect(seen.length).toBe(1);
  expect(faults).toEqual([new Error('mine')]);
});

test('one that is ended by another in the middle of a picture gets it no more', () => {
  let cancel = () => {};
  const first = {
    frame: (frame: VideoFrame) => {
      frame.close();
      cancel();
    },
    end: () => {},
  };
  renderers.add('ada', first, {});
  const late: VideoFrame[] = [];
  cancel = renderers.add('ada', { frame: (frame) => late.push(frame), end: () => {} }, {});
  arrive();
  expect(late).toEqual([]);
});

test('who looks is told apart by participant and track; the end of a participant ends its own', () => {
  const ended: string[] = [];
  const taken: string[] = [];
  renderers.add('ada', { frame: (frame) => frame.close(), end: () => ended.push('ada') }, {});
  renderers.follow((id, track, present) => taken.push(`${id} ${track} ${present}`));
  renderers.add(
    'grace',
    { frame: (frame) => frame.close(), end: () => ended.push('grace') },
    { videoSource: 'slides' },
  );
  renderers.end('ada');
  renderers.end('ada');
  expect(ended).toEqual(['ada']);
  renderers.clear();
  expect(ended).toEqual(['ada', 'grace']);
  expect(taken).toEqual([
    'ada camera true',
    'grace customVideo.slides true',
    'ada camera false',
    'grace customVideo.slides false',
  ]);
});

test('colours are read as the codec lets expect, or as the option says, whatever others want', () => {
  const seen: VideoFrame[] = [];
  const tap = { frame: (frame: VideoFrame) => seen.push(frame), end: () => {} };
  for (const colorSpace of [undefined, 'bt601', 'bt709-full'] as const)
    for (const colorFormat of ['RGBA', 'I420'] as const)
      renderers.add('ada', tap, { colorFormat, ...(colorSpace && { colorSpace }) });
  // The green of BT.709.
  const data = Uint8Array.from([...Array(8).fill(173), ...Array(2).fill(42), ...Array(2).fill(26)]);
  renderers.take('ada', 'camera', { width: 4, height: 2, colorSpace: 'bt709', data: data.slice() });
  const [expected, stream, asked, same, full] = seen;
  expect([...expected!.data.subarray(0, 3)].map((value) => Math.round(value / 10))).toEqual([0, 26, 0]);
  expect([stream!.colorSpace, [...stream!.data]]).toEqual(['bt709', [...data]]);
  expect(asked!.data[2]).toBeGreaterThan(5);
  expect([same!.colorSpace, [...same!.data]]).toEqual(['bt601', [...data]]);
  expect(full!.data[1]).toBeLessThan(250);
  expect(seen[5]!.colorSpace).toBe('bt709-full');
  for (const frame of seen) frame.close();
});

test('of each track five pictures a second are left where there is no time for more', async () => {
  const { seen } = render();
  const { seen: screen } = render('I420', 'ada', 'screenVideo');
  const load = { sheds: true, shed: (lastAt: number) => clock.now() - lastAt < 200 };
  for (let picture = 0; picture < 11; picture++) {
    for (const track of ['camera', 'screenVideo'])
      renderers.take('ada', track, { width: 4, height: 2, data: new Uint8Array(12) }, load);
    await clock.advance(40);
  }
  expect([seen.length, screen.length]).toEqual([3, 3]);
  load.sheds = false;
  arrive();
  arrive();
  expect(seen).toHaveLength(5);
});
