import { micros, videoFrame, videoFramePool } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type VirtualMediaHostOptions, virtualMediaHost } from '../../testing/virtual-media-host.ts';
import type { PictureOptions } from './picture-options.ts';
import { VirtualCameraDevice } from './virtual-camera.ts';

const size = { width: 4, height: 2 };
const format = { ...size, format: 'RGBA' } as const;

function setup(options: PictureOptions & VirtualMediaHostOptions = {}) {
  const { takenAfterMs = 0, frameRate, repeat = true, screen = false } = options;
  const clock = new VirtualClock();
  const host = virtualMediaHost(clock, { takenAfterMs });
  const camera = new VirtualCameraDevice({ name: 'cam', format, frameRate, repeat, screen, clock, host });
  const use = camera.input.use();
  const pictures = () => host.pictures.at(-1)!;
  /** The luma of what was sent, which tells pictures apart. */
  const sent = () => pictures().map(({ data }) => data[0]);
  const times = () => pictures().map(({ time }) => time);
  return { clock, host, camera, use, pictures, sent, times };
}

/** A grey picture; `luma(level)` is what it becomes. */
const grey = (level: number) => new Uint8Array(size.width * size.height * 4).fill(level);
const luma = (level: number) => Math.round(16 + (219 / 255) * level);

describe('VirtualCameraDevice', () => {
  let frames: ReturnType<typeof trackFrames>;
  let openBefore: number;
  beforeEach(() => {
    frames = trackFrames();
    openBefore = videoFramePool.stats.openBuffers;
  });
  afterEach(() => {
    frames.assertNone();
    frames.stop();
    expect(videoFramePool.stats.openBuffers).toBe(openBefore);
  });

  it('sends each picture when it is written, in the colours of the engine, from a copy', () => {
    const { camera, use, pictures } = setup();
    use.set('heard');
    const bytes = Uint8Array.from({ length: 32 }, (_, at) => (at * 37) % 256);
    camera.writeFrame(bytes);
    const expected = new Uint8Array(12);
    convertColor({ ...format, data: bytes }, { ...size, format: 'I420', data: expected });
    bytes.fill(0);
    expect(pictures()).toMatchObject([{ ...size, data: expected, time: 0 }]);
    expect(camera.counters).toEqual({ written: 1, sent: 1, dropped: 0, unseen: 0, repeated: 0 });
    camera.close();
  });

  it('takes a frame over; one that is as the engine wants it is not copied', () => {
    const { clock, host } = setup();
    const i420 = { ...size, format: 'I420' } as const;
    const camera = new VirtualCameraDevice({
      ...{ name: 'cam', format: i420, frameRate: undefined, repeat: true, screen: false, clock, host },
    });
    camera.input.use().set('heard');
    const requests = videoFramePool.stats.requests;
    const frame = videoFrame({ ...i420, data: new Uint8Array(12).fill(90), timestamp: micros(0) });
    camera.writeFrame(frame);
    expect(host.pictures.at(-1)![0]!.data[0]).toBe(90);
    expect(videoFramePool.stats.requests).toBe(requests);
    const black = new Uint8Array(12).fill(128, 8);
    const wide = videoFrame({ ...i420, data: black, colorSpace: 'bt709-full', timestamp: micros(0) });
    camera.writeFrame(wide);
    expect(wide.closed).toBe(true);
    expect(host.pictures.at(-1)![1]!.data[0]).toBe(16);
    camera.close();
    expect(frame.closed).toBe(true);
  });

  it('refuses another size or format, and says both; a frame is closed all the same', () => {
    const { camera } = setup();
    expect(() => camera.writeFrame(new Uint8Array(31))).toThrow(/32 bytes for 4x2 RGBA.*31 bytes/);
    expect(() => camera.writeFrame('picture' as never)).toThrow(TypeError);
    expect(() => camera.writeFrame(null as never)).toThrow(TypeError);
    const other = { width: 2, height: 4, format: 'RGB' } as const;
    const frame = videoFrame({ ...other, data: new Uint8Array(24), timestamp: micros(0) });
    expect(() => camera.writeFrame(frame)).toThrow(/4x2 RGBA.*2x4 RGB/);
    expect(frame.closed).toBe(true);
    expect(camera.counters.written).toBe(0);
    camera.close();
  });

  it('refuses a frame that was closed, and takes no memory for it', () => {
    const { clock, host, camera } = setup();
    const i420 = { ...size, format: 'I420' } as const;
    const fitting = new VirtualCameraDevice({
      ...{ name: 'cam', format: i420, frameRate: undefined, repeat: true, screen: false, clock, host },
    });
    for (const device of [camera, fitting]) {
      const frame = videoFramePool.frame({ ...size, format: device.colorFormat, timestamp: micros(0) });
      frame.close();
      expect(() => device.writeFrame(frame)).toThrow(expect.objectContaining({ code: 'SLUICE_FRAME_CLOSED' }));
      expect(device.counters.written).toBe(0);
      device.close();
    }
  });

  it('keeps the newest picture for those who come later', async () => {
    const { clock, camera, use, sent } = setup();
    camera.writeFrame(grey(10));
    camera.writeFrame(grey(20));
    use.set('alone');
    use.set('connecting');
    await clock.advance(5_000);
    expect(sent()).toEqual([]);
    use.set('heard');
    expect(sent()).toEqual([luma(20)]);
    expect(camera.counters).toMatchObject({ written: 2, sent: 1, unseen: 1, dropped: 0 });
    camera.close();
  });

  it('sends a still picture again: often while somebody new comes, then once a second, until nobody looks', async () => {
    const { clock, camera, use, times } = setup();
    camera.writeFrame(grey(10));
    use.set('heard');
    await clock.advance(2_000);
    expect(times().slice(0, 4)).toEqual([0, 100, 200, 300]);
    const first = times().length;
    await clock.advance(3_000);
    expect(times().length - first).toBeGreaterThanOrEqual(2);
    expect(times().length - first).toBeLessThanOrEqual(4);
    const before = times().length;
    use.set('heard');
    expect(times().length).toBe(before + 1);
    await clock.advance(1_000);
    expect(times().length).toBeGreaterThanOrEqual(before + 10);
    use.set('alone');
    const alone = times().length;
    await clock.advance(10_000);
    expect(times().length).toBe(alone);
    camera.close();
    expect(clock.timers).toBe(0);
  });

  it('does not repeat what is replaced in time', async () => {
    const { clock, camera, use, sent } = setup();
    use.set('heard');
    await clock.advance(3_000);
    for (let picture = 1; picture <= 5; picture++) {
      camera.writeFrame(grey(picture));
      await clock.advance(900);
    }
    expect(sent()).toEqual([1, 2, 3, 4, 5].map(luma));
    expect(camera.counters.repeated).toBe(0);
    camera.close();
  });

  it('repeats nothing if told so', async () => {
    const { clock, camera, use, sent } = setup({ repeat: false });
    use.set('heard');
    camera.writeFrame(grey(1));
    use.set('heard');
    await clock.advance(5_000);
    expect(sent()).toEqual([luma(1)]);
    camera.close();
  });

  it('replaces what the engine is not ready for, and counts it; a burst after a stall is one picture', async () => {
    const { clock, camera, use, sent } = setup({ takenAfterMs: 50 });
    use.set('heard');
    for (let picture = 1; picture <= 40; picture++) camera.writeFrame(grey(picture));
    await clock.advance(120);
    expect(sent().slice(0, 2)).toEqual([luma(1), luma(40)]);
    expect(camera.counters).toMatchObject({ written: 40, sent: 2, dropped: 38 });
    use.set('alone');
    await clock.advance(100);
    camera.close();
  });

  it('keeps a frame rate of its own: the newest picture at each tick, or the last one again', async () => {
    const { clock, camera, use, sent, times } = setup({ frameRate: 10 });
    use.set('heard');
    camera.writeFrame(grey(1));
    await clock.advance(150);
    camera.writeFrame(grey(2));
    camera.writeFrame(grey(3));
    await clock.advance(300);
    expect(times()).toEqual([0, 100, 200, 300, 400]);
    expect(sent()).toEqual([1, 1, 3, 3, 3].map(luma));
    expect(camera.counters).toEqual({ written: 3, sent: 2, dropped: 1, unseen: 0, repeated: 3 });
    camera.close();
    expect(clock.timers).toBe(0);
  });

  it('with a frame rate lets time pass without anybody, and shows the last picture to who comes', async () => {
    const { clock, camera, use, sent } = setup({ frameRate: 10 });
    camera.writeFrame(grey(1));
    await clock.advance(1_000);
    expect(sent()).toEqual([]);
    expect(clock.timers).toBe(0);
    expect(camera.counters).toMatchObject({ written: 1, unseen: 1 });
    use.set('heard');
    await clock.advance(0);
    expect(sent()).toEqual([luma(1)]);
    camera.close();
  });

  it('serves any number of clients with one conversion and one picture', () => {
    const { camera, use, sent } = setup();
    const second = camera.input.use();
    use.set('heard');
    second.set('heard');
    const requests = videoFramePool.stats.requests;
    camera.writeFrame(grey(5));
    expect(videoFramePool.stats.requests).toBe(requests + 1);
    expect(sent()).toEqual([luma(5)]);
    use.close();
    expect(camera.active).toBe(true);
    camera.writeFrame(grey(6));
    second.close();
    second.set('heard');
    camera.writeFrame(grey(7));
    expect(camera.active).toBe(false);
    expect(sent()).toEqual([luma(5), luma(6)]);
    camera.close();
  });

  it('outlives the engine: the last picture goes to the next one', async () => {
    const { clock, host, camera, use } = setup({ takenAfterMs: 20 });
    use.set('heard');
    camera.writeFrame(grey(1));
    camera.writeFrame(grey(2));
    host.die();
    await clock.advance(50);
    expect(host.pictures.length).toBe(2);
    use.set('heard');
    await clock.advance(50);
    expect(host.pictures[1]![0]!.data[0]).toBe(luma(2));
    camera.close();
    await clock.advance(50);
  });

  it('ends when the engine stays down, when it is closed, and tells those who use it', () => {
    const gone: string[] = [];
    const { host, camera } = setup();
    camera.input.use(() => gone.push('down'));
    camera.writeFrame(grey(1));
    host.die({ failed: true });
    const other = setup();
    other.camera.input.use(() => gone.push('closed'));
    other.camera.close();
    other.camera.close();
    expect(gone).toEqual(['down', 'closed']);
    const frame = videoFrame({ ...format, data: grey(1), timestamp: micros(0) });
    for (const use of [
      () => camera.writeFrame(grey(1)),
      () => camera.writeFrame(frame),
      () => camera.input.source,
      () => camera.input.use(),
    ])
      expect(use).toThrow(expect.objectContaining({ code: 'SLUICE_DEVICE_DESTROYED' }));
    expect(frame.closed).toBe(true);
  });

  it('counts freezes of what is written while somebody sees it, and none of what is meant to stand still', async () => {
    const { clock, camera, use } = setup();
    let level = 0;
    const shows = async (count: number, everyMs: number) => {
      for (let done = 0; done < count; done++) {
        await clock.advance(everyMs);
        level = (level + 60) % 240;
        camera.writeFrame(grey(level));
      }
    };
    await shows(3, 900);
    use.set('heard');
    await shows(11, 40);
    await shows(1, 500);
    expect(camera.glitches).toMatchObject({ gaps: 1, gapMs: 500, playedMs: 940, gapsPerHour: 60 });
    await shows(10, 40);
    camera.input.rest();
    await shows(1, 900);
    await shows(10, 40);
    use.set('alone');
    await clock.advance(900);
    use.set('heard');
    await shows(10, 40);
    expect(camera.glitches.gaps).toBe(1);
    camera.close();
  });

  it('leaves out what comes too soon while the process has no time, before it is converted, and counts it', async () => {
    const { clock, host } = setup();
    const load = { sheds: true, shed: (lastAt: number) => clock.now() - lastAt < 200 };
    const options = { name: 'busy', format, frameRate: undefined, repeat: false, screen: false, clock, host, load };
    const camera = new VirtualCameraDevice(options);
    camera.input.use().set('heard');
    for (let level = 0; level < 11; level++) {
      camera.writeFrame(grey(level));
      await clock.advance(40);
    }
    expect(camera.counters).toMatchObject({ written: 11, sent: 3, dropped: 8 });
    expect(camera.input.sheds).toBe(true);
    camera.close();
  });
});
