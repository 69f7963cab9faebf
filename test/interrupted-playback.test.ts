import { type AudioFrame, createSink, type Graph, graph, type InterruptReport, syncGroup } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fromTestPattern, fromTone, gain, mixer, pace, toFrames } from '@sluice/nodes';
import { CustomAudioSource, Daily, toCamera, toCustomAudio, toMicrophone } from '@sluice/transport';
import { virtualMediaHost } from '@sluice/transport/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

const SLICE_MS = 10;

interface Played {
  readonly sampleRate: number;
  readonly counters: { readonly played: number; readonly dropped: number };
}

describe('what an interruption tells', () => {
  let clock: VirtualClock;

  beforeEach(() => {
    clock = new VirtualClock();
    const host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
  });
  afterEach(() => setCurrentDevices(undefined));

  const microphone = (sampleRate = 16_000, name = 'mic') => {
    const device = Daily.createMicrophoneDevice(name, { sampleRate });
    device.input.use().set('heard');
    return device;
  };
  const tone = (sampleRate = 16_000, live = false) => fromTone({ sampleRate, live });
  const playedMs = ({ counters, sampleRate }: Played) => (counters.played * 1000) / sampleRate;

  const interrupt = async (bot: Graph, ...options: Parameters<Graph['interrupt']>): Promise<InterruptReport> => {
    const report = bot.interrupt(...options);
    await clock.advance(20);
    return report;
  };
  /** Runs for a while, interrupts, and compares what is told with what the device has counted. */
  const expectTruth = async (bot: Graph, device: Played, node: string) => {
    await bot.start();
    let told = 0;
    for (const ms of [615, 1_205, 15]) {
      await clock.advance(ms);
      const played = playedMs(device);
      const report = await interrupt(bot);
      told += report.heardMs;
      expect(played).toBeGreaterThan(ms - 150);
      expect(Math.abs(told - played)).toBeLessThanOrEqual(SLICE_MS);
      expect(report.sinks).toEqual([{ node, heardMs: report.heardMs, droppedMs: report.droppedMs }]);
    }
    bot.abort();
    await clock.advance(50);
  };

  it('a tone into a microphone: what left it since the start, then since the last time', async () => {
    const device = microphone();
    const bot = graph('tone', { clock });
    bot.from(tone()).to(toMicrophone(device));
    await expectTruth(bot, device, 'toMicrophone');
  });

  it('counts every sample once: what left the source was heard or dropped', async () => {
    const device = microphone();
    const bot = graph('sum', { clock });
    bot
      .from(tone())
      .pipe(gain({ db: -6 }))
      .to(toMicrophone(device));
    await bot.start();
    await clock.advance(1_000);
    const [source] = bot.inspect().nodes;
    const { heardMs, droppedMs } = await interrupt(bot);
    expect(heardMs + droppedMs).toBe(source!.framesOut * 20);
    bot.abort();
  });

  it('a converter in the link', async () => {
    const device = microphone();
    const bot = graph('converted', { clock });
    bot.from(tone(48_000)).to(toMicrophone(device));
    await expectTruth(bot, device, 'toMicrophone');
  });

  it('a device of a rate that the engine has not', async () => {
    const device = microphone(22_050);
    const bot = graph('rate', { clock });
    bot.from(tone(22_050)).to(toMicrophone(device));
    await expectTruth(bot, device, 'toMicrophone');
  });

  it('a live source, a pacer and an operator', async () => {
    const device = microphone();
    const bot = graph('paced', { clock });
    bot
      .from(tone(16_000, true))
      .pipe(pace(), gain({ db: -6 }))
      .to(toMicrophone(device));
    await expectTruth(bot, device, 'toMicrophone');
  });

  it('a mixer, and what one of its inputs lost', async () => {
    const device = microphone();
    const bot = graph('mixer', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000, timing: 'inputs' }));
    bot.from(tone()).to(desk.input('voice'));
    bot.from(tone()).to(desk.input('music'));
    desk.out.out.to(toMicrophone(device));
    await expectTruth(bot, device, 'toMicrophone');
  });

  it('a custom source', async () => {
    const source = new CustomAudioSource(16_000, 1);
    source.input.use().set('heard');
    const bot = graph('custom', { clock });
    bot.from(tone()).to(toCustomAudio(source));
    await expectTruth(bot, source, 'toCustomAudio');
  });

  it('the master of a sync group; its pictures are no sound', async () => {
    const device = microphone();
    const camera = Daily.createCameraDevice('camera', { width: 64, height: 48 });
    const lips = syncGroup();
    const bot = graph('lips', { clock });
    bot.from(tone()).to(lips.master(toMicrophone(device)));
    bot.from(fromTestPattern({ width: 64, height: 48, frameRate: 25 })).to(lips.follow(toCamera(camera)));
    await bot.start();
    await clock.advance(1_000);
    const played = playedMs(device);
    const report = await interrupt(bot);
    expect(Math.abs(report.heardMs - played)).toBeLessThanOrEqual(SLICE_MS);
    expect(report.sinks.map(({ node }) => node)).toEqual(['toMicrophone', 'toCamera']);
    expect(report.sinks[0]!.heardMs).toBe(report.heardMs);
    bot.abort();
    await clock.advance(50);
  });

  it('several devices: each its own, and the most of them, never their sum', async () => {
    const [near, far] = [microphone(16_000, 'near'), microphone(48_000, 'far')];
    const bot = graph('two', { clock });
    const flow = bot.from(tone());
    flow.with({ name: 'near' }).to(toMicrophone(near));
    flow.with({ name: 'far' }).to(toMicrophone(far));
    await bot.start();
    await clock.advance(900);
    const played = [near, far].map(playedMs);
    const { heardMs, droppedMs, sinks } = await interrupt(bot);
    for (const [index, ms] of played.entries())
      expect(Math.abs(sinks[index]!.heardMs - ms)).toBeLessThanOrEqual(SLICE_MS);
    expect(heardMs).toBe(Math.max(...sinks.map((sink) => sink.heardMs)));
    expect(droppedMs).toBe(Math.max(...sinks.map((sink) => sink.droppedMs)));
    bot.abort();
    await clock.advance(50);
  });

  it('a group with its device: the other one plays on', async () => {
    const [voice, music] = [microphone(16_000, 'voice'), microphone(16_000, 'music')];
    const bot = graph('groups', { clock });
    bot.group('speech', (scope) => scope.from(tone()).to(toMicrophone(voice)));
    bot.from(tone()).to(toMicrophone(music));
    await bot.start();
    await clock.advance(800);
    const played = playedMs(voice);
    const { heardMs, sinks } = await interrupt(bot, { scope: 'speech' });
    expect(Math.abs(heardMs - played)).toBeLessThanOrEqual(SLICE_MS);
    expect(sinks.map(({ node }) => node)).toEqual(['speech/toMicrophone']);
    await clock.advance(400);
    expect(music.counters.dropped).toBe(0);
    expect(music.counters.underruns).toBe(0);
    bot.abort();
    await clock.advance(50);
  });

  it('a group before the device: it plays on, and the share of the group begins with its last interruption', async () => {
    const device = microphone();
    const bot = graph('upstream', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000, timing: 'inputs' }));
    bot.group('speech', (scope) =>
      scope
        .from(tone())
        .pipe(gain({ db: -6 }))
        .to(desk.input('voice')),
    );
    desk.out.out.to(toMicrophone(device));
    await bot.start();
    let told = 0;
    for (const ms of [700, 500]) {
      await clock.advance(ms);
      const played = playedMs(device);
      const { heardMs, sinks } = await interrupt(bot, { scope: 'speech' });
      told += heardMs;
      expect(Math.abs(told - played)).toBeLessThanOrEqual(SLICE_MS);
      expect(sinks.map(({ node }) => node)).toEqual(['toMicrophone']);
    }
    expect(device.counters.dropped).toBe(0);
    bot.abort();
    await clock.advance(50);
  });

  it('what joins later has no part in what was played before', async () => {
    const device = microphone();
    const bot = graph('later', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    bot.from(tone(16_000, true)).to(desk.input('host'));
    desk.out.out.to(toMicrophone(device));
    await bot.start();
    await clock.advance(2_000);
    await bot.change((edit) => {
      edit.group('guest', (scope) => scope.from(tone(16_000, true)).to(desk.input('guest')));
    });
    await clock.advance(500);
    const { heardMs } = await interrupt(bot, { scope: 'guest' });
    expect(Math.abs(heardMs - 500)).toBeLessThanOrEqual(2 * SLICE_MS);
    bot.abort();
    await clock.advance(50);
  });

  it('a recorder beside the device is no listener; alone it is taken at what it was given', async () => {
    const device = microphone();
    const bot = graph('recorded', { clock });
    const flow = bot.from(tone());
    flow.to(toFrames());
    flow.to(toMicrophone(device));
    await bot.start();
    await clock.advance(1_000);
    const played = playedMs(device);
    const { heardMs, sinks } = await interrupt(bot);
    expect(Math.abs(heardMs - played)).toBeLessThanOrEqual(SLICE_MS);
    expect(sinks[0]!.heardMs).toBeGreaterThan(heardMs);
    bot.abort();
    await clock.advance(50);

    const alone = graph('alone', { clock });
    alone.from(tone(16_000, true)).to(toFrames());
    await alone.start();
    await clock.advance(990);
    expect((await alone.interrupt()).heardMs).toBe(1_000);
    await clock.advance(100);
    expect((await alone.interrupt()).heardMs).toBe(100);
    alone.abort();
  });

  it('a sink of one’s own tells what left it by `played`, also when it was made anew', async () => {
    let broken = true;
    const own = () =>
      createSink<AudioFrame>({
        name: 'own',
        open: () => {
          let given = 0;
          return {
            write(frame) {
              frame.close();
              given++;
              if (given === 30 && broken) {
                broken = false;
                throw new Error('cut off');
              }
            },
            end: () => {},
            played: () => given * 10_000,
          };
        },
      });
    const bot = graph('own', { clock, random: () => 0 });
    bot
      .from(tone(16_000, true))
      .with({ onError: 'restart', restart: { backoffMs: 1 } })
      .to(own);
    await bot.start();
    await clock.advance(590);
    await clock.advance(400);
    const { heardMs } = await bot.interrupt();
    expect(Math.abs(heardMs - 500)).toBeLessThanOrEqual(20);
    bot.abort();
    await bot.finished.catch(() => {});
  });

  it('two at once count nothing twice', async () => {
    const device = microphone();
    const bot = graph('twice', { clock });
    bot.from(tone()).to(toMicrophone(device));
    await bot.start();
    await clock.advance(700);
    const played = playedMs(device);
    const [first, second] = [bot.interrupt(), bot.interrupt()];
    await clock.advance(20);
    const heard = (await first).heardMs + (await second).heardMs;
    expect(Math.abs(heard - played)).toBeLessThanOrEqual(SLICE_MS);
    bot.abort();
    await clock.advance(50);
  });
});
