import { queryObjects } from 'node:v8';
import { type AudioFrame, createSink, graph, type LinkRef, type NodeRef, sleep } from '@sluice/core';
import { findGaps, measureTone, VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { fromTone, mixer, toFrames, toNull } from '../../index.ts';
import { MixerInput } from './mixer-input.ts';

const joined = (frames: readonly AudioFrame[]) => Int16Array.from(frames.flatMap((frame) => [...frame.samples]));

describe('mixer', () => {
  it('mixes files of unlike formats offline, to the sample, and shows the graph', async () => {
    const bot = graph('desk', { clock: new VirtualClock() });
    const desk = bot.add(mixer({ sampleRate: 48_000, timing: 'inputs' }));
    const sink = toFrames();
    bot.from(fromTone({ frequency: 440, sampleRate: 48_000, amplitude: 0.25, duration: 2 })).to(desk.input('low'));
    bot
      .from(fromTone({ frequency: 1_000, sampleRate: 16_000, channels: 2, amplitude: 0.25, duration: 1 }))
      .to(desk.input('high', { gainDb: -6 }));
    desk.out.out.to(sink);
    await bot.run();
    const samples = joined(await sink.finished);
    expect(samples.length).toBe(96_000);
    const second = samples.slice(52_800, 91_200);
    expect(measureTone(second, 48_000, 440).snr).toBeGreaterThan(60);
    expect(bot.toMermaid()).toContain('mixer');
  });

  it('takes a voice in the middle of a running graph without a gap for the others', async () => {
    const clock = new VirtualClock();
    const bot = graph('guests', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    const sink = toFrames();
    bot
      .from(fromTone({ frequency: 300, sampleRate: 16_000, amplitude: 0.2, duration: 4, live: true }))
      .to(desk.input('host'));
    desk.out.out.to(sink);
    const done = bot.run();
    await clock.advance(1_000);
    await bot.change((edit) =>
      edit
        .from(fromTone({ frequency: 1_500, sampleRate: 16_000, amplitude: 0.2, duration: 1, live: true }))
        .to(desk.input('guest')),
    );
    await clock.run({ until: done });
    await done;
    const samples = joined(await sink.finished);
    expect(findGaps(samples.slice(400, 63_000), { sampleRate: 16_000, thresholdDbfs: -40, minMs: 5 })).toMatchObject({
      longestMs: 0,
    });
    expect(measureTone(samples.slice(1_600, 14_400), 16_000, 300).snr).toBeGreaterThan(50);
    const both = samples.slice(20_000, 28_000);
    expect(measureTone(both, 16_000, 1_500).amplitude).toBeGreaterThan(-17);
  });

  it('waits for a receiver that is slower than its clock, and loses nothing of a file', async () => {
    const clock = new VirtualClock();
    const bot = graph('slow', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000, limiter: false }));
    const heard: AudioFrame[] = [];
    const slow = createSink<AudioFrame>({
      name: 'slow',
      open: () => ({
        write: (frame) => {
          heard.push(frame);
          return sleep(clock, 50);
        },
        end: () => {},
      }),
    });
    bot.from(fromTone({ frequency: 400, sampleRate: 16_000, amplitude: 0.5, duration: 4 })).to(desk.input('voice'));
    desk.out.out.to(slow);
    const done = bot.run();
    await clock.run({ until: done, limitMs: 60_000 });
    await done;
    expect(bot.inspect().links.find(({ from }) => from === 'mixer')?.maxDepth).toBeLessThanOrEqual(17);
    const samples = joined(heard);
    expect(measureTone(samples.slice(400, 63_000), 16_000, 400).snr).toBeGreaterThan(60);
  });

  it('lets voices leave, and others of their name come, and ends at the stop', async () => {
    const clock = new VirtualClock();
    const bot = graph('guests', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    const sink = toFrames();
    const tone = (frequency: number, duration?: number) =>
      fromTone({ frequency, sampleRate: 16_000, amplitude: 0.2, live: true, duration });
    bot.from(tone(300)).to(desk.input('host'));
    desk.out.out.to(sink);
    const done = bot.run();
    await clock.advance(500);
    for (const duration of [undefined, 0.2, 0.2, undefined]) {
      let link = {} as LinkRef;
      await bot.change((edit) => {
        link = edit.from(tone(1_500, duration)).to(desk.input('guest'));
      });
      await clock.advance(400);
      if (duration === undefined) await bot.change((edit) => edit.unlink(link));
      await clock.advance(200);
    }
    const stopped = bot.stop();
    await clock.run({ until: stopped, limitMs: 2_000 });
    await done;
    const samples = joined(await sink.finished);
    for (const guest of [0, 1, 2, 3]) {
      const from = 8_000 + guest * 9_600;
      expect(measureTone(samples.slice(from + 1_600, from + 2_800), 16_000, 1_500).amplitude).toBeGreaterThan(-17);
      expect(measureTone(samples.slice(from + 8_000, from + 9_000), 16_000, 300).snr).toBeGreaterThan(50);
    }
  });

  it('takes a voice away and another under its name at once, and the host goes on', async () => {
    const clock = new VirtualClock();
    const bot = graph('guests', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    const sink = toFrames();
    const tone = (frequency: number) => fromTone({ frequency, sampleRate: 16_000, amplitude: 0.2, live: true });
    bot.from(tone(300)).to(desk.input('host'));
    desk.out.out.to(sink);
    await bot.start();
    let guest = {} as LinkRef;
    await bot.change((edit) => {
      guest = edit.from(tone(1_500), { name: 'guest' }).to(desk.input('guest', { gainDb: 0 }));
    });
    await clock.advance(500);
    await bot.change((edit) => {
      edit.unlink(guest);
      edit.from(tone(2_500)).to(desk.input('guest', { gainDb: -6 }));
    });
    await clock.advance(500);
    const stopped = bot.stop();
    await clock.run({ until: stopped, limitMs: 2_000 });
    const samples = joined(await sink.finished);
    const [first, second] = [samples.slice(3_200, 6_400), samples.slice(9_600, 14_400)];
    expect(measureTone(first, 16_000, 1_500).amplitude).toBeCloseTo(-14, 0);
    expect(measureTone(second, 16_000, 1_500).amplitude).toBeLessThan(-60);
    expect(measureTone(second, 16_000, 2_500).amplitude).toBeCloseTo(-20, 0);
    expect(measureTone(second, 16_000, 300).amplitude).toBeCloseTo(-14, 0);
  });

  it('refuses an input of wrong options without harm to the others, and says which', async () => {
    const clock = new VirtualClock();
    const bot = graph('guests', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    const sink = toFrames();
    bot.from(fromTone({ frequency: 300, sampleRate: 16_000, duration: 1, live: true })).to(desk.input('host'));
    desk.out.out.to(sink);
    const done = bot.run();
    await clock.advance(200);
    await expect(
      bot.change((edit) => edit.from(fromTone({ frequency: 900 })).to(desk.input('guest', { gainDb: 'loud' }))),
    ).rejects.toThrow(/gainDb/);
    await clock.run({ until: done });
    expect(joined(await sink.finished).length).toBe(16_000);
  });

  it('plays what has ended to its end, while another of its name begins', async () => {
    const clock = new VirtualClock();
    const bot = graph('guests', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    const sink = toFrames();
    bot.from(fromTone({ frequency: 300, sampleRate: 16_000, amplitude: 0.1, live: true })).to(desk.input('host'));
    desk.out.out.to(sink);
    await bot.start();
    await clock.advance(200);
    const brief = (frequency: number) => fromTone({ frequency, sampleRate: 16_000, amplitude: 0.2, duration: 0.18 });
    await bot.change((edit) => edit.from(brief(1_500)).to(desk.input('guest')));
    await clock.advance(40);
    await bot.change((edit) => edit.from(brief(2_500)).to(desk.input('guest')));
    await clock.advance(400);
    const stopped = bot.stop();
    await clock.run({ until: stopped, limitMs: 2_000 });
    const samples = joined(await sink.finished);
    const both = samples.slice(4_480, 5_760);
    expect(measureTone(both, 16_000, 1_500).amplitude).toBeCloseTo(-14, 0);
    expect(measureTone(both, 16_000, 2_500).amplitude).toBeCloseTo(-14, 0);
  });

  it('keeps nothing of voices that came and went', async () => {
    const clock = new VirtualClock();
    const bot = graph('guests', { clock });
    const desk = bot.add(mixer({ sampleRate: 16_000 }));
    bot.from(fromTone({ frequency: 300, sampleRate: 16_000, live: true })).to(desk.input('host'));
    desk.out.out.to(toNull());
    await bot.start();
    for (let guest = 0; guest < 150; guest++) {
      let node = {} as NodeRef;
      await bot.change((edit) => {
        const duration = guest % 2 === 0 ? 0.04 : undefined;
        const flow = edit.from(fromTone({ frequency: 900, sampleRate: 16_000, live: true, duration }));
        flow.to(desk.input(`guest-${guest}`));
        node = flow.node;
      });
      await clock.advance(80);
      await bot.change((edit) => edit.remove(node));
    }
    await clock.advance(100);
    expect(queryObjects(MixerInput as never)).toBeLessThan(5);
    bot.abort();
  });
});
