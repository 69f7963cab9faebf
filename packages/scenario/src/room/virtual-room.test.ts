import { AudioFrame, graph, micros } from '@sluice/core';
import { rms, testTone, toDbfs, VirtualClock } from '@sluice/core/testing';
import { fromFrames } from '@sluice/nodes';
import { toMicrophone } from '@sluice/transport';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VirtualParticipant } from './virtual-participant.ts';
import { type RoomChange, type VirtualRoom, virtualRoom } from './virtual-room.ts';

const tone = (durationMs: number, frequency = 440, sampleRate = 16_000) =>
  testTone({ sampleRate, frequency, durationMs, phase: 1 });

describe('virtualRoom', () => {
  let clock: VirtualClock;
  let room: VirtualRoom;
  let anna: VirtualParticipant;
  let ben: VirtualParticipant;

  beforeEach(() => {
    clock = new VirtualClock(5_000);
    room = virtualRoom({ clock });
    anna = room.join('anna');
    ben = room.join('ben');
  });

  function hear(who: VirtualParticipant, options: Parameters<VirtualParticipant['hears']>[0] = {}) {
    const frames: (AudioFrame & { at: number })[] = [];
    let completed = false;
    who.hears(options).subscribe({
      next: (frame) => frames.push(Object.assign(frame, { at: clock.now() })),
      complete: () => {
        completed = true;
      },
    });
    return { frames, completed: () => completed };
  }

  it('carries what is placed to the sample, in frames of 10 and 20 ms', async () => {
    const long = hear(ben);
    const short = hear(ben, { frameMs: 10, from: 'anna' });
    const placed = anna.place(tone(100), clock.now() + 33.25);
    expect(placed).toEqual({ startMs: 5_033.25, endMs: 5_133.25 });
    await clock.advance(400);
    expect(ben.heard.read(532, 532 + 1_600)).toEqual(tone(100));
    expect(anna.sent.between(33.25, 133.25)).toEqual(tone(100));
    expect(ben.heard.read(0, 532).every((sample) => sample === 0)).toBe(true);
    expect(long.frames.map(({ timestamp, samples, at }) => [timestamp, samples.length, at]).slice(0, 2)).toEqual([
      [0, 320, 5_020],
      [20_000, 320, 5_040],
    ]);
    const joined = (frames: readonly AudioFrame[]) => frames.flatMap(({ samples }) => [...samples]);
    expect(joined(long.frames)).toEqual([...ben.heard.read(0, 20 * 320)]);
    expect(joined(short.frames)).toEqual(joined(long.frames));
    expect(anna.heard.between().some((sample) => sample !== 0)).toBe(false);
  });

  it.each([16_000, 48_000])(
    'carries the sound of a real device at %i Hz from the moment it leaves it',
    async (rate) => {
      const microphone = anna.devices.createMicrophoneDevice('voice', { sampleRate: rate });
      const receipt = microphone.write(tone(500, 440, rate));
      microphone.flush();
      let started = Number.NaN;
      void receipt.started.then(() => {
        started = clock.now();
      });
      await clock.advance(1_000);
      expect(await receipt.finished).toEqual({ playedMs: 500, interrupted: false });
      // What is converted comes a tick later.
      const from = started - room.startMs + (rate === 16_000 ? 0 : 10);
      const heard = ben.heard.between(from, from + 500);
      const reference = tone(500);
      if (rate === 16_000) expect(heard).toEqual(reference);
      const error = heard.map((sample, index) => sample - reference[index]!).subarray(200, 7_800);
      expect(rms(error)).toBeLessThan(20);
      expect(ben.heard.between(0, from - 1).some((sample) => sample !== 0)).toBe(false);
    },
  );

  it('lets several speak at once, and each be heard alone', async () => {
    const agent = room.join('agent');
    const [mixed, alone] = [hear(agent), hear(agent, { from: 'ben' })];
    anna.place(tone(100), 5_100);
    ben.place(tone(100, 1_000), 5_100);
    await clock.advance(300);
    const sum = tone(100).map((sample, index) => sample + tone(100, 1_000)[index]!);
    expect(agent.heard.between(100, 200)).toEqual(sum);
    const of = (frames: readonly AudioFrame[]) => Int16Array.from(frames.flatMap(({ samples }) => [...samples]));
    expect(of(mixed.frames).subarray(1_600, 3_200)).toEqual(sum);
    expect(of(alone.frames).subarray(1_600, 3_200)).toEqual(tone(100, 1_000));
  });

  it('delays each direction by itself, to the sample', async () => {
    room.path('anna', 'ben').set({ delayMs: 87.5 });
    anna.place(tone(100), 5_000);
    ben.place(tone(100), 5_000);
    await clock.advance(400);
    expect(ben.heard.between(87.5, 187.5)).toEqual(tone(100));
    expect(ben.heard.between(0, 87.5).some((sample) => sample !== 0)).toBe(false);
    expect(anna.heard.between(0, 100)).toEqual(tone(100));
  });

  it('loses packets by its seed, and conceals them', async () => {
    const run = async (seed: number) => {
      const time = new VirtualClock();
      const one = virtualRoom({ clock: time, seed });
      const [from, to] = [one.join('a'), one.join('b')];
      one.path('a', 'b').set({ loss: 0.2 });
      from.place(tone(8_000), 0);
      await time.advance(8_500);
      return { heard: to.heard.between(0, 8_000), path: one.path('a', 'b') };
    };
    const first = await run(7);
    expect(first.path.lostPackets).toBeGreaterThan(55);
    expect(first.path.lostPackets).toBeLessThan(120);
    expect(first.path.concealedMs).toBeGreaterThan(1_000);
    expect(first.heard.some((sample) => sample !== 0)).toBe(true);
    expect((await run(7)).heard).toEqual(first.heard);
    expect((await run(8)).heard).not.toEqual(first.heard);
  });

  it('is silent in a cut and goes on after it', async () => {
    anna.place(tone(3_000), 5_000);
    await clock.advance(1_000);
    room.cut(500);
    await clock.advance(2_500);
    const silent = ben.heard.between(1_080, 1_480);
    expect(silent.every((sample) => sample === 0)).toBe(true);
    expect(ben.heard.between(1_500, 3_000)).toEqual(tone(3_000).subarray(24_000));
  });

  it('loses what comes later than the buffer waits', async () => {
    const path = room.path('anna', 'ben');
    path.set({ jitterMs: 20 });
    expect(path.conditions.bufferMs).toBe(80);
    path.set({ bufferMs: 10 });
    anna.place(tone(10_000), 5_000);
    await clock.advance(11_000);
    // exp(-10 / 20) of the packets are later than 10 ms.
    expect(path.lostPackets / 550).toBeGreaterThan(0.5);
    expect(path.lostPackets / 550).toBeLessThan(0.7);
    expect(ben.heard.between(9_000, 9_500).length).toBe(8_000);
  });

  it('puts noise and echo into a microphone', async () => {
    anna.noise({ snrDb: 20 });
    await clock.advance(1_000);
    expect(toDbfs(rms(ben.heard.between()))).toBeCloseTo(-40, 0);
    anna.noise(undefined);
    anna.echo({ gainDb: -6, delayMs: 50 });
    await clock.advance(100);
    ben.place(tone(100), 6_200);
    await clock.advance(500);
    const gain = 10 ** (-6 / 20);
    expect(ben.heard.between(1_250, 1_350)).toEqual(tone(100).map((sample) => Math.round(sample * gain)));
  });

  it('tells who comes and goes, as gaps to who listens', async () => {
    const changes: RoomChange[] = [];
    room.onChange((change) => changes.push(change));
    const { frames } = hear(anna);
    await clock.advance(100);
    await ben.leave();
    await clock.advance(1_000);
    const again = room.join('ben');
    again.place(tone(20), 6_200);
    await clock.advance(200);
    expect(changes.map(({ type, name }) => `${name} ${type}`)).toEqual([
      'anna joined',
      'ben joined',
      'ben left',
      'ben joined',
    ]);
    expect(frames.filter(({ gap }) => gap !== undefined).map(({ gap, timestamp }) => [gap, timestamp])).toEqual([
      [{ duration: 1_000_000, reason: 'disconnected' }, 1_100_000],
    ]);
    expect(frames.find(({ timestamp }) => timestamp === 1_200_000)!.samples).toEqual(tone(20));
  });

  it('stands still and goes on with a graph as its device does', async () => {
    const microphone = anna.createMicrophone();
    const bot = graph('bot', { clock });
    const frames = async function* () {
      for (let index = 0; index < 100; index++)
        yield new AudioFrame({
          samples: tone(20),
          sampleRate: 16_000,
          channels: 1,
          timestamp: micros(index * 20_000),
        });
    };
    bot.from(fromFrames<AudioFrame>(frames())).to(toMicrophone(microphone));
    await bot.start();
    await clock.advance(500);
    void bot.pause({});
    await clock.advance(1_000);
    bot.resume();
    await clock.advance(2_000);
    expect(ben.heard.between(300, 490).some((sample) => sample !== 0)).toBe(true);
    expect(ben.heard.between(520, 1_490).some((sample) => sample !== 0)).toBe(false);
    expect(ben.heard.between(1_520, 2_500).some((sample) => sample !== 0)).toBe(true);
    bot.abort();
  });

  it('ends ears of who leaves, and refuses what makes no sense', async () => {
    const { completed } = hear(anna);
    expect(() => room.join('anna')).toThrow(TypeError);
    expect(() => room.join('')).toThrow(TypeError);
    expect(() => anna.place(tone(10), 4_999)).toThrow(RangeError);
    expect(() => anna.hears({ frameMs: 30 as never })).toThrow(TypeError);
    expect(() => anna.echo({ gainDb: 0, delayMs: 5 })).toThrow(RangeError);
    expect(() => anna.noise({ snrDb: Number.NaN })).toThrow(RangeError);
    expect(() => room.path('a', 'b').set({ loss: 2 })).toThrow(RangeError);
    expect(() => room.path('a', 'b').set({ los: 1 } as never)).toThrow(TypeError);
    expect(() => virtualRoom({ clock, sampleRate: 44_100 })).toThrow(TypeError);
    expect(() => virtualRoom({ clock, rate: 1 } as never)).toThrow(TypeError);
    await room.close();
    expect(completed()).toBe(true);
    expect(clock.timers).toBe(0);
  });
});
