import {
  AudioFrame,
  graph,
  micros,
  pullSource,
  samplesToMicros,
  syncGroup,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { type FrameTracker, trackFrames, VirtualClock } from '@sluice/core/testing';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daily } from '../daily.ts';
import { CustomAudioSource } from '../devices/custom/custom-audio-source.ts';
import { CustomVideoSource } from '../devices/custom/custom-video-source.ts';
import { DeviceRegistry, setCurrentDevices } from '../devices/registry.ts';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { toCustomAudio } from './to-custom-audio.ts';
import { toCustomVideo } from './to-custom-video.ts';
import { toMicrophone } from './to-microphone.ts';

const RATE = 16_000;
const FADE = RATE / 200;
const size = { width: 4, height: 2 };

/** Samples that count up from 10,000, in frames of 20 ms that belong to one utterance each second. */
const sampleAt = (index: number) => 10_000 + (index % 20_000);
function frameAt(position: number): AudioFrame {
  return new AudioFrame({
    samples: Int16Array.from({ length: RATE / 50 }, (_, index) => sampleAt(position + index)),
    sampleRate: RATE,
    channels: 1,
    timestamp: samplesToMicros(position, RATE),
    utterance: `second ${Math.floor(position / RATE)}`,
  });
}
function talk(durationMs: number) {
  const format = { kind: 'audio', sampleRate: RATE, channels: 1 } as const;
  return pullSource<AudioFrame>({ name: 'talk', format }, () => {
    let position = -RATE / 50;
    return {
      read: () => {
        position += RATE / 50;
        return position * 1000 < durationMs * RATE ? frameAt(position) : null;
      },
    };
  });
}

describe('a graph that pauses a device', () => {
  let clock: VirtualClock;
  let host: ReturnType<typeof virtualMediaHost>;
  let frames: FrameTracker;

  beforeEach(() => {
    clock = new VirtualClock();
    frames = trackFrames({ stacks: true });
    host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
  });
  afterEach(() => {
    setCurrentDevices(undefined);
    frames.stop();
    frames.assertNone();
  });

  function speaking(durationMs: number) {
    const device = Daily.createMicrophoneDevice('mic', { sampleRate: RATE });
    device.input.use().set('heard');
    const sink = toMicrophone(device);
    const bot = graph('bot', { clock });
    bot.from(talk(durationMs)).to(sink);
    return { device, sink, bot, over: bot.run() };
  }
  const heard = () => host.sent.at(-1)!.samples;
  const pausing = async (work: Promise<unknown>) => {
    await clock.advance(40);
    return work;
  };

  it('is silent within 20 ms, and goes on to the sample', async () => {
    const { device, sink, bot, over } = speaking(3_000);
    await clock.advance(1_003);
    const before = heard().length;
    const report = (await pausing(bot.pause())) as Awaited<ReturnType<typeof bot.pause>>;
    const { played } = device.counters;
    expect(report).toEqual({
      heardMs: (played * 1000) / RATE,
      sinks: [{ node: 'toMicrophone', heardMs: (played * 1000) / RATE }],
    });
    const standing = [device.playoutPosition, sink.playout(), device.queuedDuration];
    await clock.advance(20_000);
    expect(heard().length - before).toBeGreaterThan(19 * RATE);
    expect(
      heard()
        .subarray(before + RATE / 50)
        .every((sample) => sample === 0),
    ).toBe(true);
    expect([device.playoutPosition, sink.playout(), device.queuedDuration]).toEqual(standing);
    expect(device.counters).toMatchObject({ played, dropped: 0 });
    const after = heard().length;
    bot.resume();
    await clock.advance(3_000);
    await over;
    expect(await sink.finished).toEqual({ playedMs: 3_000, droppedMs: 0 });
    const [first, second] = [heard().subarray(0, before + RATE / 50), heard().subarray(after)];
    const start = first.indexOf(sampleAt(0));
    const expected = Int16Array.from({ length: 3 * RATE }, (_, index) => sampleAt(index));
    expect(first.subarray(start, start + played - FADE)).toEqual(expected.subarray(0, played - FADE));
    const goesOn = second.indexOf(sampleAt(played + FADE));
    expect(second.subarray(goesOn, goesOn + 3 * RATE - played - FADE)).toEqual(expected.subarray(played + FADE));
  });

  it('says the same of what was heard when it is interrupted meanwhile, and speaks on when it is resumed', async () => {
    const { device, bot, over } = speaking(5_000);
    await clock.advance(1_003);
    const { heardMs } = (await pausing(bot.pause())) as Awaited<ReturnType<typeof bot.pause>>;
    await clock.advance(2_000);
    const { played } = device.counters;
    const interruption = await bot.interrupt();
    expect(interruption.heardMs).toBe(heardMs);
    expect(heardMs).toBe((played * 1000) / RATE);
    expect(interruption.droppedMs).toBeGreaterThan(200);
    await clock.advance(1_000);
    expect(device.counters.played).toBe(played);
    bot.resume();
    await clock.advance(6_000);
    await over;
    const total = device.counters.played + device.counters.dropped;
    expect(total).toBeLessThanOrEqual(5 * RATE);
    expect(device.counters.played).toBeGreaterThan(3 * RATE);
    // Of the fade out, the last sample is silent. What follows the interruption is new, and as loud as it is.
    const sounding = heard().filter((sample) => sample !== 0);
    expect(sounding).toHaveLength(device.counters.played - 1);
    const after = 5 * RATE - (sounding.length - played + 1);
    expect(sounding.subarray(played - 1)).toEqual(
      Int16Array.from({ length: 5 * RATE - after }, (_, at) => sampleAt(after + at)),
    );
  });

  it('holds utterances and their marks, however much later they go on', async () => {
    const { sink, bot, over } = speaking(3_000);
    const events: string[] = [];
    const second = sink.utterance('second 1');
    second.mark(500, () => events.push('mark'));
    void second.finished.then(({ playedMs, interrupted }) => events.push(`finished ${playedMs} ${interrupted}`));
    await clock.advance(1_300);
    await pausing(bot.pause());
    await clock.advance(10_000);
    expect(events).toEqual([]);
    bot.resume();
    await clock.advance(600);
    expect(events).toEqual(['mark']);
    await clock.advance(3_000);
    await over;
    expect(events).toEqual(['mark', 'finished 1000 false']);
  });

  it.each([
    ['before it', 300, 5],
    ['in its fade', 185, 40],
  ])(
    'does not take a pause for the end of an utterance of which all that came was heard %s',
    async (_when, ms, fadeMs) => {
      const device = Daily.createMicrophoneDevice('mic', { sampleRate: RATE });
      device.input.use().set('heard');
      const sink = toMicrophone(device);
      const bot = graph('bot', { clock });
      const source = new Subject<AudioFrame>();
      bot.from(source).to(sink);
      const over = bot.run();
      const outcome: string[] = [];
      void sink.utterance('second 0').finished.then(({ playedMs }) => outcome.push(`finished ${playedMs}`));
      const speak = (from: number) => {
        for (let frame = from; frame < from + 10; frame++) source.next(frameAt((frame * RATE) / 50));
      };
      await clock.advance(10);
      speak(0);
      await clock.advance(ms);
      void bot.pause({ fadeMs });
      await clock.advance(5_000);
      expect(device.counters.played).toBe(RATE / 5);
      expect(outcome).toEqual([]);
      bot.resume();
      speak(10);
      source.complete();
      await clock.advance(1_000);
      await over;
      expect(outcome).toEqual(['finished 400']);
    },
  );

  it('gives the device back as it was, however the graph ends', async () => {
    const first = speaking(2_000);
    await clock.advance(500);
    void first.bot.pause();
    await clock.advance(100);
    first.bot.abort();
    await expect(first.over).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    await clock.advance(100);
    const receipt = first.device.write(new Int16Array(RATE).fill(1));
    await clock.advance(1_200);
    expect(await receipt.finished).toEqual({ playedMs: 1_000, interrupted: false });

    // It has played everything when it is paused, and its stream ends meanwhile.
    const sink = toMicrophone(first.device);
    const next = graph('next', { clock });
    const source = new Subject<AudioFrame>();
    next.from(source).to(sink);
    const over = next.run();
    await clock.advance(100);
    void next.pause();
    await clock.advance(100);
    source.complete();
    await clock.advance(100);
    await over;
    const last = first.device.write(new Int16Array(RATE).fill(1));
    await clock.advance(1_200);
    expect(await last.finished).toEqual({ playedMs: 1_000, interrupted: false });
  });

  it('resumes a device that was destroyed meanwhile without a fault of its own', async () => {
    const { device, bot, over } = speaking(2_000);
    const fault = over.catch((error: unknown) => error);
    await clock.advance(500);
    void bot.pause();
    await clock.advance(100);
    device.close();
    bot.resume();
    await clock.advance(100);
    expect(await fault).toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
  });

  it('lets the pictures of a sync group stand still with the voice that leads them', async () => {
    const voice = new CustomAudioSource(RATE, 1);
    voice.input.use().set('heard');
    const camera = new CustomVideoSource(size.width, size.height);
    camera.input.use();
    const film = pullSource<VideoFrame>({ name: 'film', format: { kind: 'video', ...size, format: 'I420' } }, () => {
      let index = 0;
      return {
        read: () => {
          if (index === 75) return null;
          const picture = videoFramePool.frame({ ...size, format: 'I420', timestamp: micros(index * 40_000) });
          picture.data.fill(index++ + 1);
          return picture;
        },
      };
    });
    const lips = syncGroup({ maxStallMs: 100 });
    const bot = graph('lips', { clock });
    bot.from(talk(3_000)).to(lips.master(toCustomAudio(voice)));
    bot.from(film).to(lips.follow(toCustomVideo(camera)));
    const over = bot.run();
    await clock.advance(1_010);
    await pausing(bot.pause({ scope: 'toCustomAudio' }));
    const shown = host.pictures[0]!.length;
    await clock.advance(5_000);
    expect(host.pictures[0]).toHaveLength(shown);
    bot.resume();
    await clock.advance(5_000);
    await over;
    expect(lips.statistics()).toMatchObject({ shown: 75, dropped: 0, stalls: 0, reanchored: 0 });
    expect(lips.statistics().skewMs.max).toBeLessThan(20);
    voice.close();
    camera.close();
  });
});
