import { AudioFrame, detachedContext, graph, micros, pullSource, samplesToMicros, withContext } from '@sluice/core';
import { findGaps, testTone, VirtualClock } from '@sluice/core/testing';
import { from, lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daily } from '../daily.ts';
import { CustomAudioSource } from '../devices/custom/custom-audio-source.ts';
import { currentDevices, DeviceRegistry, setCurrentDevices } from '../devices/registry.ts';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { fromSpeaker } from './from-speaker.ts';
import { toCustomAudio } from './to-custom-audio.ts';
import { toMicrophone } from './to-microphone.ts';

const RATE = 16_000;

function toneSource(durationMs: number, sampleRate = RATE) {
  const all = testTone({ sampleRate, frequency: 440, durationMs });
  let position = 0;
  const step = sampleRate / 50;
  return {
    all,
    source: pullSource<AudioFrame>(
      { name: 'fromTestTone', format: { kind: 'audio', sampleRate, channels: 1 } },
      () => ({
        read: () => {
          if (position >= all.length) return null;
          const samples = all.slice(position, position + step);
          const timestamp = samplesToMicros(position, sampleRate);
          position += samples.length;
          return new AudioFrame({ samples, sampleRate, channels: 1, timestamp });
        },
      }),
    ),
  };
}

describe('devices as ends of a graph', () => {
  let clock: VirtualClock;
  let host: ReturnType<typeof virtualMediaHost>;

  beforeEach(() => {
    clock = new VirtualClock();
    host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
  });
  afterEach(() => setCurrentDevices(undefined));

  const microphone = () => {
    const device = Daily.createMicrophoneDevice('mic', { sampleRate: RATE });
    device.input.use().set('heard');
    return device;
  };
  const played = (length: number) => {
    const { samples } = host.sent.at(-1)!;
    const start = samples.findIndex((sample) => sample !== 0) - 1;
    return samples.subarray(start, start + length);
  };

  it('plays a file through a graph, to the sample, and finishes with the audible end', async () => {
    const device = microphone();
    const { source, all } = toneSource(3_030);
    const sink = toMicrophone(device);
    const bot = graph('bot', { clock });
    bot.from(source).to(sink);
    const run = bot.run();
    await clock.advance(1_000);
    expect(device.queuedDuration).toBeLessThanOrEqual(290);
    await clock.advance(2_020);
    let over = false;
    void sink.finished.then(() => {
      over = true;
    });
    await clock.advance(0);
    expect(over).toBe(false);
    await clock.advance(100);
    await run;
    expect(await sink.finished).toEqual({ playedMs: 3_030, droppedMs: 0 });
    expect(played(all.length)).toEqual(all);
    expect(device.counters.underruns).toBe(0);
  });

  it('plays without a graph, also on a custom source', async () => {
    const custom = new CustomAudioSource(RATE, 1);
    custom.input.use().set('alone');
    const { source, all } = toneSource(500);
    const sink = toCustomAudio(custom);
    source.subscribe(sink);
    await clock.advance(700);
    expect(await sink.finished).toEqual({ playedMs: 500, droppedMs: 0 });
    expect(played(all.length)).toEqual(all);
  });

  it('is silent within a fade of an interruption and says what was dropped', async () => {
    const device = microphone();
    const { source } = toneSource(5_000);
    const sink = toMicrophone(device);
    const bot = graph('bot', { clock });
    bot.from(source).to(sink);
    const run = bot.run();
    await clock.advance(1_005);
    const played = device.counters.played;
    const interrupted = bot.interrupt();
    await clock.advance(5);
    expect(device.counters.played - played).toBeLessThanOrEqual(RATE / 200 + RATE / 100);
    expect(device.counters.dropped).toBeGreaterThan(RATE / 10);
    await clock.advance(50);
    const { droppedMs } = await interrupted;
    expect(droppedMs).toBeGreaterThanOrEqual((device.counters.dropped * 1000) / RATE);
    bot.abort();
    await run.catch(() => {});
  });

  it('refuses frames of another format outside a graph', async () => {
    const sink = toMicrophone(microphone());
    toneSource(100, 48_000).source.subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_LINK_FORMAT' });
  });

  it('fails when the device is destroyed', async () => {
    const device = microphone();
    const sink = toMicrophone(device);
    device.close();
    from([
      new AudioFrame({ samples: new Int16Array(320), sampleRate: RATE, channels: 1, timestamp: micros(0) }),
    ]).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
  });

  it('hears a speaker with timestamps that count samples and gaps where nobody was there', async () => {
    const speaker = Daily.createSpeakerDevice('speaker', { sampleRate: RATE });
    Daily.selectSpeakerDevice('speaker');
    const { speakers } = currentDevices();
    const frames = withContext(detachedContext(clock), () => lastValueFrom(fromSpeaker(speaker).pipe(toArray())));
    const speak = async (slices: number) => {
      const voice = speakers.open();
      for (let slice = 0; slice < slices; slice++) {
        voice.push(testTone({ sampleRate: 48_000, frequency: 400, durationMs: 10 }), 48_000, 1);
        await clock.advance(10);
      }
      voice.close();
    };
    await speak(50);
    await clock.advance(500);
    await speak(50);
    await clock.advance(100);
    Daily.destroyDevice('speaker');
    await clock.advance(20);
    const heard = await frames;
    const gaps = heard.filter((frame) => frame.gap !== undefined);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]!.gap!.duration / 1000).toBeGreaterThan(450);
    expect(gaps[0]!.gap!.duration / 1000).toBeLessThan(550);
    for (const [index, frame] of heard.entries()) {
      const previous = heard[index - 1];
      if (previous === undefined) continue;
      const expected = previous.timestamp + previous.duration + (frame.gap?.duration ?? 0);
      expect(Math.abs(frame.timestamp - expected)).toBeLessThan(100);
    }
    expect(() => fromSpeaker(speaker, { frameMs: 5 })).toThrow(RangeError);
  });

  describe('a speaker whose process stands still', () => {
    /** Hears `totalMs` of a tone of one voice, during which the event loop stands still after 500 ms. */
    const hear = async (stallMs: number, totalMs: number) => {
      const speaker = Daily.createSpeakerDevice('speaker', { sampleRate: RATE });
      Daily.selectSpeakerDevice('speaker');
      const voice = currentDevices().speakers.open();
      for (let at = 0; at < totalMs; at += 10)
        clock.at(at, () => voice.push(testTone({ sampleRate: RATE, frequency: 400, durationMs: 10 }), RATE, 1));
      const heard: AudioFrame[] = [];
      withContext(detachedContext(clock), () => fromSpeaker(speaker).subscribe((frame) => heard.push(frame)));
      await clock.advance(500);
      await clock.stall(stallMs);
      await clock.advance(totalMs - 500 - stallMs);
      const [last] = heard.slice(-1);
      return { gaps: heard.flatMap(({ gap }) => gap ?? []), endMs: (last!.timestamp + last!.duration) / 1000, heard };
    };

    it.each([30, 150, 400, 700, 950])('for %i ms loses nothing, tells no gap and does not grow', async (stallMs) => {
      const { gaps, endMs, heard } = await hear(stallMs, 3_000);
      expect(gaps).toEqual([]);
      expect(Math.abs(endMs - 3_000)).toBeLessThanOrEqual(20);
      const all = Int16Array.from(heard.flatMap(({ samples }) => [...samples])).subarray(RATE / 10);
      expect(findGaps(all, { sampleRate: RATE }).gaps).toEqual([]);
    });

    it('for longer than a second tells what is missing', async () => {
      const { gaps, endMs } = await hear(1_500, 4_000);
      expect(gaps).toHaveLength(1);
      expect(Math.abs(gaps[0]!.duration / 1000 - 1_500)).toBeLessThanOrEqual(30);
      expect(Math.abs(endMs - 4_000)).toBeLessThanOrEqual(20);
    });
  });

  it('places what a speaker hears by the clock after thousands of gaps', async () => {
    const speaker = Daily.createSpeakerDevice('speaker', { sampleRate: 11_025 });
    Daily.selectSpeakerDevice('speaker');
    const { speakers } = currentDevices();
    let gaps = 0;
    let missing = 0;
    let sound = 0;
    let end = 0;
    let anchor: number | undefined;
    let strayed = 0;
    const take = (frame: AudioFrame) => {
      anchor ??= clock.now() - frame.duration / 1000;
      if (frame.gap !== undefined) gaps++;
      missing += frame.gap?.duration ?? 0;
      sound += frame.length;
      end = (frame.timestamp + frame.duration) / 1000;
      strayed = Math.max(strayed, Math.abs(clock.now() - anchor - end));
    };
    withContext(detachedContext(clock), () => fromSpeaker(speaker).subscribe(take));
    for (let turn = 0; turn < 3_000; turn++) {
      const voice = speakers.open();
      for (let slice = 0; slice < 4; slice++) {
        voice.push(new Int16Array(441).fill(1_000), 44_100, 1);
        await clock.advance(10);
      }
      voice.close();
      await clock.advance(63);
    }
    expect(gaps).toBe(2_999);
    expect(strayed).toBeLessThan(20);
    expect(Math.abs(missing / 1000 + (sound * 1000) / 11_025 - end)).toBeLessThan(1);
  });

  it('gives each source of a speaker all of it, to whatever end the others come', async () => {
    const speaker = Daily.createSpeakerDevice('ears', { sampleRate: RATE });
    Daily.selectSpeakerDevice('ears');
    const voice = currentDevices().speakers.open();
    const heard: number[][] = [[], [], []];
    const listen = (index: number) =>
      withContext(detachedContext(clock), () =>
        fromSpeaker(speaker).subscribe((frame) => {
          heard[index]!.push(...frame.samples);
          frame.close();
        }),
      );
    const subscriptions = [listen(0), listen(1)];
    const say = async (slices: number) => {
      for (let slice = 0; slice < slices; slice++) {
        const samples = Int16Array.from({ length: RATE / 100 }, (_, index) => 1 + ((slice * 160 + index) % 9_000));
        voice.push(samples, RATE, 1);
        await clock.advance(10);
      }
    };
    await say(50);
    subscriptions.push(listen(2));
    await say(50);
    subscriptions[0]!.unsubscribe();
    const former = heard[0]!.length;
    await say(50);
    expect(heard[0]!.length).toBe(former);
    expect(former).toBeGreaterThanOrEqual(RATE * 0.9);
    expect(heard[1]!.length).toBeGreaterThanOrEqual(RATE * 1.4);
    expect(heard[1]!.slice(0, former)).toEqual(heard[0]);
    const late = heard[2]!;
    expect(late.length).toBeGreaterThanOrEqual(RATE * 0.9);
    expect(heard[1]!.slice(-RATE / 2)).toEqual(late.slice(-RATE / 2));
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it('say at once that nobody hears a microphone, and that a speaker is not selected', async () => {
    const device = Daily.createMicrophoneDevice('lonely', { sampleRate: RATE });
    const speaker = Daily.createSpeakerDevice('deaf', { sampleRate: RATE });
    const bot = graph('lonely-bot', { clock });
    bot.from(fromSpeaker(speaker)).to(toMicrophone(device));
    await bot.start();
    expect(bot.inspect().problems).toEqual([
      expect.stringMatching(/^`fromSpeaker` hears nobody; call Daily\.selectSpeakerDevice\('deaf'\)/),
      expect.stringMatching(/^`toMicrophone` is heard and seen by nobody, because no client sends its device/),
    ]);
    Daily.selectSpeakerDevice('deaf');
    device.input.use().set('heard');
    expect(bot.inspect().problems).toEqual([]);
    bot.abort();
    await bot.finished.catch(() => {});
  });
});
