import {
  graph,
  micros,
  pullSource,
  pushSource,
  type VideoFrame,
  type VideoMediaFormat,
  videoFramePool,
  withContext,
} from '@sluice/core';
import { ActorDouble, trackFrames, VirtualClock } from '@sluice/core/testing';
import { from, map } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daily } from '../daily.ts';
import { CustomVideoSource } from '../devices/custom/custom-video-source.ts';
import { DeviceRegistry, setCurrentDevices } from '../devices/registry.ts';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { toCamera } from './to-camera.ts';
import { toCustomVideo } from './to-custom-video.ts';

const size = { width: 4, height: 2 };

interface Shape {
  readonly format?: VideoFrame['format'];
  readonly width?: number;
  readonly height?: number;
  readonly everyUs?: number;
}

function frame(level: number, { format = 'I420', everyUs = 100_000, ...shape }: Shape = {}): VideoFrame {
  const made = videoFramePool.frame({ ...size, ...shape, format, timestamp: micros(level * everyUs) });
  made.data.fill(level);
  return made;
}

/** `count` pictures, as fast as they are taken. */
function still(count: number, format: VideoFrame['format'] = 'I420') {
  const described: VideoMediaFormat = { kind: 'video', ...size, format };
  let made = 0;
  return pullSource<VideoFrame>({ name: 'fromStill', format: described }, () => ({
    read: () => (made === count ? null : frame(++made, { format })),
  }));
}

describe('devices as ends of graphs of pictures', () => {
  let clock: VirtualClock;
  let host: ReturnType<typeof virtualMediaHost>;
  let frames: ReturnType<typeof trackFrames>;

  beforeEach(() => {
    clock = new VirtualClock();
    host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
    frames = trackFrames();
  });
  afterEach(async () => {
    await Daily.deinit();
    frames.assertNone();
    frames.stop();
  });

  const sent = () => host.pictures.at(-1)!.map(({ data }) => data[0]);
  const camera = (frameRate?: number) => {
    const device = Daily.createCameraDevice('cam', { ...size, ...(frameRate !== undefined && { frameRate }) });
    device.input.use().set('heard');
    return device;
  };

  const times = () => host.pictures.at(-1)!.map(({ time }) => time);

  /** Each picture and when it was first sent: a camera repeats its last one. */
  const firsts = () => {
    const seen = new Map<number | undefined, number>();
    for (const { data, time } of host.pictures.at(-1)!) if (!seen.has(data[0])) seen.set(data[0], time);
    return seen;
  };

  it.each([40, 150, 5_000])(
    'goes on where it was after a pause of %i ms: each picture so much later',
    async (pauseMs) => {
      const bot = graph('bot', { clock });
      bot.from(still(30)).to(toCamera(camera()));
      const run = bot.run();
      await clock.advance(1_050);
      const before = firsts();
      await bot.pause();
      await bot.pause();
      await clock.advance(pauseMs);
      expect(firsts()).toEqual(before);
      bot.resume();
      await clock.advance(3_000);
      await run;
      const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
      expect([...firsts().keys()]).toEqual(numbers);
      const [start] = firsts().values();
      expect([...firsts().values()].map((time) => Math.round(time - start!))).toEqual(
        numbers.map((number) => (number - 1) * 100 + (number > 11 ? pauseMs : 0)),
      );
    },
  );

  it('drops the picture that waits when it is interrupted or aborted in a pause, and closes it', async () => {
    const bot = graph('bot', { clock });
    bot.from(still(100)).to(toCamera(camera()));
    const run = bot.run().catch((error: unknown) => error);
    await clock.advance(1_050);
    await bot.pause();
    await bot.interrupt();
    await clock.advance(800);
    expect([...firsts().keys()]).toHaveLength(11);
    bot.resume();
    await clock.advance(250);
    expect([...firsts().keys()].length).toBeGreaterThanOrEqual(13);
    void bot.pause();
    bot.abort();
    expect(await run).toMatchObject({ code: 'SLUICE_ABORTED' });
  });

  it('shows a file in its own time, in any colours, and ends with its last picture', async () => {
    const sink = toCamera(camera());
    const bot = graph('bot', { clock });
    bot.from(still(30)).to(sink);
    const run = bot.run();
    await clock.advance(2_899);
    expect(times().length).toBe(29);
    await clock.advance(1);
    await run;
    expect(await sink.finished).toEqual({ written: 30, dropped: 0 });
    expect(sent()).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    expect(times()).toEqual(Array.from({ length: 30 }, (_, at) => at * 100));
  });

  it('does so without a graph too, where it holds the source back', async () => {
    const source = new CustomVideoSource(4, 2);
    source.input.use().set('heard');
    const sink = toCustomVideo(source);
    let read = 0;
    let furthest = 0;
    pullSource<VideoFrame>({ name: 'fromStill' }, () => ({
      read: () => {
        furthest = Math.max(furthest, read - sent().length);
        return read === 100 ? null : frame(++read, { everyUs: 200 });
      },
    })).subscribe(sink);
    expect(await sink.finished).toEqual({ written: 100, dropped: 0 });
    expect(sent()).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(furthest).toBeLessThan(4);
  });

  it('shows what is live when it comes, whatever its times say', async () => {
    let push: (level: number) => void = () => {};
    const live = pushSource<VideoFrame>({ name: 'fromLive' }, (destination) => {
      push = (level) => destination.next(frame(level));
      return () => {};
    });
    const bot = graph('bot', { clock });
    bot
      .from(live)
      .pipe(map((picture) => picture))
      .to(toCamera(camera()));
    await bot.start();
    await clock.advance(500);
    for (const level of [9, 1, 8]) push(level);
    expect(sent()).toEqual([9, 1, 8]);
    await bot.abort();
  });

  it('keeps the time at a camera with a frame rate, which takes the newest picture at each tick', async () => {
    const device = camera(5);
    const bot = graph('bot', { clock });
    bot.from(still(5)).to(toCamera(device));
    const run = bot.run();
    await clock.advance(700);
    await run;
    expect(times()).toEqual([0, 200, 400, 600]);
    expect(sent()).toEqual([1, 2, 4, 5]);
    expect(device.counters).toMatchObject({ written: 5, sent: 4, dropped: 1 });
  });

  it('begins anew after a stall and when time goes back; what is interrupted while it waits is not shown', async () => {
    const levels = [10, 11, 3, 4, 50];
    const bot = graph('bot', { clock });
    const sink = toCamera(camera());
    bot
      .from(
        pullSource<VideoFrame>({ name: 'fromJumps' }, () => ({
          read: () => (levels.length === 0 ? null : frame(levels.shift()!)),
        })),
      )
      .to(sink);
    await bot.start();
    await clock.advance(300);
    expect(times()).toEqual([0, 100, 100, 200]);
    await bot.interrupt();
    await bot.finished;
    expect(await sink.finished).toEqual({ written: 4, dropped: 1 });
    expect(sent()).toEqual([10, 11, 3, 4]);
  });

  it('closes what waits when it is aborted or its device goes', async () => {
    const bot = graph('bot', { clock });
    bot.from(still(9)).to(toCamera(camera()));
    await bot.start();
    await clock.advance(150);
    await bot.abort();
    expect(sent()).toEqual([1, 2]);

    const source = new CustomVideoSource(4, 2);
    const sink = toCustomVideo(source);
    const failed = sink.finished.catch((error: unknown) => error);
    const other = graph('other', { clock });
    other.from(still(9)).to(sink);
    const run = other.run().catch((error: unknown) => error);
    await clock.advance(150);
    source.close();
    await clock.advance(100);
    expect(await failed).toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
    await run;
  });

  it('converts in the device and nowhere else', async () => {
    const bot = graph('bot', { clock });
    bot.from(still(1, 'BGRA')).to(toCamera(camera()));
    await bot.run();
    expect(bot.inspect().nodes.map(({ id }) => id)).toEqual(['fromStill', 'toCamera']);
    expect(sent()).toEqual([17]);
  });

  it('ends with the picture of another size, and closes it', async () => {
    const sink = toCamera(camera());
    const failed = sink.finished.catch((error: unknown) => error);
    from([frame(1), frame(2, { format: 'RGBA', width: 2, height: 2 })]).subscribe(sink);
    expect(await failed).toMatchObject({
      code: 'SLUICE_LINK_FORMAT',
      message: expect.stringMatching(/4x2.*2x2 RGBA.*scale/),
    });
  });

  it('a graph of another size does not start', async () => {
    const bot = graph('bot', { clock });
    const small = Daily.createCameraDevice('small', { width: 2, height: 2 });
    bot.from(still(1)).to(toCamera(small));
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_LINK_FORMAT' });
  });

  it('ends with the device', async () => {
    const device = camera();
    const sink = toCamera(device);
    Daily.destroyDevice(device);
    from([frame(1)]).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
  });

  it('drops pictures from before an interruption', async () => {
    const sink = toCamera(camera());
    const actor = new ActorDouble({ clock });
    withContext(actor, () => sink.next(frame(1)));
    actor.interrupt();
    sink.next(frame(2));
    sink.next(Object.assign(frame(3), { epoch: actor.epoch }));
    sink.complete();
    expect(await sink.finished).toEqual({ written: 2, dropped: 1 });
    expect(sent()).toEqual([1, 3]);
  });
});
