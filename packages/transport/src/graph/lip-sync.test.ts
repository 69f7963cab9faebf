import {
  AudioFrame,
  graph,
  micros,
  pullSource,
  pushSource,
  samplesToMicros,
  syncGroup,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { type FrameTracker, trackFrames, VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daily } from '../daily.ts';
import { CustomAudioSource } from '../devices/custom/custom-audio-source.ts';
import { CustomVideoSource } from '../devices/custom/custom-video-source.ts';
import { DeviceRegistry, setCurrentDevices } from '../devices/registry.ts';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { toCamera } from './to-camera.ts';
import { toCustomAudio } from './to-custom-audio.ts';
import { toCustomVideo } from './to-custom-video.ts';
import { toMicrophone } from './to-microphone.ts';

const RATE = 8_000;
const SLICE = RATE / 100;
/** A slice waits in the engine for the second one of its packet. */
const PACKET_MS = 10;
const size = { width: 4, height: 2 };
const audioFormat = { sampleRate: RATE, channels: 1 };

/** 20 ms whose two slices say their number, from 1 on. */
function speech(index: number): AudioFrame {
  const samples = new Int16Array(2 * SLICE).fill(2 * index + 1).fill(2 * index + 2, SLICE);
  return new AudioFrame({ samples, ...audioFormat, timestamp: samplesToMicros(index * 2 * SLICE, RATE) });
}

function talk(frames: number) {
  return pullSource<AudioFrame>({ name: 'talk', format: { kind: 'audio', ...audioFormat } }, () => {
    let index = 0;
    return { read: () => (index === frames ? null : speech(index++)) };
  });
}

/** Pictures that say their number, 40 ms each. */
function film(count: number) {
  return pullSource<VideoFrame>({ name: 'film', format: { kind: 'video', ...size, format: 'I420' } }, () => {
    let index = 0;
    return {
      read: () => {
        if (index === count) return null;
        const made = videoFramePool.frame({ ...size, format: 'I420', timestamp: micros(index * 40_000) });
        made.data.fill(index++);
        return made;
      },
    };
  });
}

describe('a microphone that leads and a camera that follows', () => {
  let clock: VirtualClock;
  let host: ReturnType<typeof virtualMediaHost>;
  let frames: FrameTracker;
  /** Media time in milliseconds at which a slice begins, and when the engine was given it. */
  let heard: { ms: number; at: number }[];

  beforeEach(() => {
    clock = new VirtualClock();
    host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
    frames = trackFrames();
    heard = [];
  });
  afterEach(async () => {
    await Daily.deinit();
    frames.assertNone();
    frames.stop();
  });

  const devices = () => {
    const microphone = Daily.createMicrophoneDevice('mic', audioFormat);
    const camera = Daily.createCameraDevice('cam', size);
    microphone.input.use().set('heard');
    camera.input.use().set('heard');
    return { microphone, camera };
  };

  /** Lets time pass, and notes each slice of speech when the engine gets it. */
  async function listen(ms: number): Promise<void> {
    let known = host.sent[0]?.samples.length ?? 0;
    for (let passed = 0; passed < ms; passed++) {
      await clock.advance(1);
      const samples = host.sent[0]!.samples;
      for (; known < samples.length; known += SLICE)
        if (samples[known]! > 0) heard.push({ ms: (samples[known]! - 1) * 10, at: clock.now() });
    }
  }

  /** Pictures of a number not shown before: their media time, and what was heard of it then. Milliseconds. */
  function shown() {
    const seen = new Map<number, number>();
    for (const { data, time } of host.pictures[0]!) if (!seen.has(data[0]!)) seen.set(data[0]!, time);
    return [...seen].map(([number, at]) => {
      const slice = heard.findLast((one) => one.at <= at);
      return { ms: number * 40, heardMs: slice === undefined ? 0 : Math.max(0, slice.ms + at - slice.at - PACKET_MS) };
    });
  }
  const worst = (pictures = shown()) => Math.max(...pictures.map(({ ms, heardMs }) => Math.abs(ms - heardMs)));

  it('are together: each picture is given to the engine with its sound', async () => {
    const { microphone, camera } = devices();
    const lips = syncGroup();
    const bot = graph('bot', { clock });
    bot.from(talk(100)).to(lips.master(toMicrophone(microphone)));
    bot.from(film(50)).to(lips.follow(toCamera(camera)));
    const run = bot.run();
    await listen(2_300);
    await run;
    expect(heard).toHaveLength(200);
    expect(shown().map(({ ms }) => ms)).toEqual(Array.from({ length: 50 }, (_, index) => index * 40));
    expect(worst()).toBeLessThanOrEqual(2);
    expect(lips.statistics()).toMatchObject({ shown: 50, dropped: 0, stalls: 0, reanchored: 0 });
    expect(lips.statistics().skewMs.p99).toBeLessThanOrEqual(2);
  });

  it('stay together with custom sources, at a rate that the engine lacks', async () => {
    const source = new CustomAudioSource(22_050, 1);
    const slides = new CustomVideoSource(4, 2);
    source.input.use().set('heard');
    slides.input.use().set('heard');
    const lips = syncGroup();
    const bot = graph('bot', { clock });
    bot.from(talk(100)).to(lips.master(toCustomAudio(source)));
    bot.from(film(50)).to(lips.follow(toCustomVideo(slides)));
    const run = bot.run();
    await clock.advance(2_500);
    await run;
    const times = host.pictures[0]!.map(({ time }) => time);
    expect(new Set(host.pictures[0]!.map(({ data }) => data[0])).size).toBe(50);
    expect(times.slice(2).every((time, index) => Math.abs(time - times[index + 1]! - 40) <= 11)).toBe(true);
    expect(lips.statistics()).toMatchObject({ shown: 50, dropped: 0 });
  });

  it('wait for each other while nobody can hear them', async () => {
    const microphone = Daily.createMicrophoneDevice('mic', audioFormat);
    const camera = Daily.createCameraDevice('cam', size);
    camera.input.use().set('heard');
    const use = microphone.input.use();
    const lips = syncGroup();
    const bot = graph('bot', { clock });
    bot.from(talk(50)).to(lips.master(toMicrophone(microphone)));
    bot.from(film(25)).to(lips.follow(toCamera(camera)));
    const run = bot.run();
    await listen(3_000);
    expect(shown()).toEqual([{ ms: 0, heardMs: 0 }]);
    use.set('heard');
    await listen(1_300);
    await run;
    expect(shown()).toHaveLength(25);
    expect(worst()).toBeLessThanOrEqual(2);
    expect(lips.statistics()).toMatchObject({ stalls: 0, dropped: 0 });
  });

  it('stand still together for 200 ms in which no audio comes, and meet again', async () => {
    const { microphone, camera } = devices();
    const lips = syncGroup();
    const bot = graph('bot', { clock });
    let say: (frame: AudioFrame | null) => void = () => {};
    const live = pushSource<AudioFrame>({ name: 'live', format: { kind: 'audio', ...audioFormat } }, (destination) => {
      say = (frame) => (frame === null ? destination.complete() : destination.next(frame));
      return () => {};
    });
    bot.from(live).to(lips.master(toMicrophone(microphone)));
    bot.from(film(50)).to(lips.follow(toCamera(camera)));
    const run = bot.run();
    await clock.advance(0);
    for (let index = 0; index < 100; index++) {
      if (index === 50) await listen(200);
      say(speech(index));
      await listen(20);
    }
    say(null);
    await listen(400);
    await run;
    expect(heard).toHaveLength(200);
    expect(microphone.counters.underruns).toBeGreaterThan(0);
    expect(shown().length).toBeGreaterThanOrEqual(49);
    expect(worst()).toBeLessThanOrEqual(12);
    expect(lips.statistics().stalls).toBe(0);
  });

  it('begin together again after an interruption', async () => {
    const { microphone, camera } = devices();
    const lips = syncGroup();
    const bot = graph('bot', { clock });
    bot.from(talk(200)).to(lips.master(toMicrophone(microphone)));
    bot.from(film(100)).to(lips.follow(toCamera(camera)));
    const run = bot.run();
    await listen(1_000);
    const before = shown().length;
    const interrupted = bot.interrupt();
    await listen(20);
    await interrupted;
    await listen(4_500);
    await run;
    // What was in the microphone is gone, and so are its pictures.
    const after = shown().slice(before);
    expect(after[0]!.ms).toBeGreaterThan(before * 40 + 100);
    expect(after.length).toBeGreaterThan(50);
    expect(worst(after.slice(1, -1))).toBeLessThanOrEqual(12);
    expect(lips.statistics()).toMatchObject({ reanchored: 1 });
  });
});
