import type { AudioFrame, Interruption, Micros } from '@sluice/core';
import { measureTone } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameAt, frames, joined, largestStep, ramp, sine } from '../../../test/ramp-frames.ts';
import { MixerCore, type MixerCoreOptions } from './mixer-core.ts';

const core = (options: MixerCoreOptions = {}) => new MixerCore({ sampleRate: 16_000, ...options });

/** Renders so many blocks and joins them. */
function render(mixer: MixerCore, blocks: number): Int16Array {
  const out = [];
  for (let block = 0; block < blocks; block++) {
    const frame = mixer.render();
    if (frame !== undefined) out.push(frame);
  }
  return joined(out);
}

const interruption = (epoch: number, counted = { dropped: 0 }): Interruption => ({
  epoch,
  fadeMs: 5,
  dropped: (duration) => {
    counted.dropped += duration;
  },
  heard: () => {},
  wait: () => {},
});

/** Offset decay of 5 ms at a join: what comes after is the input itself. */
const JOIN = 80;

describe('MixerCore', () => {
  it('adds inputs up, whatever the lengths of their frames', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 }), (lengths) => {
        const mixer = core({ timing: 'inputs' });
        const one = mixer.add('one', { capacityMs: 60_000 });
        const two = mixer.add('two', { capacityMs: 60_000 });
        mixer.seal();
        let start = 0;
        for (const length of lengths) {
          one.push(frameAt(start, length, (index) => index % 1_000));
          two.push(frameAt(start, length, (index) => -3 * (index % 500)));
          start += length;
        }
        one.end();
        two.end();
        const mixed = render(mixer, 1_000);
        expect(mixed.length).toBe(start);
        for (let index = 0; index < start; index++) expect(mixed[index]).toBe((index % 1_000) - 3 * (index % 500));
        expect(mixer.finished).toBe(true);
      }),
    );
  });

  it('passes a single full-scale input bit by bit', () => {
    const mixer = core();
    const input = mixer.add('loud', { capacityMs: 1_000 });
    for (const frame of frames(5, 320, sine(440, 32_767))) input.push(frame);
    expect(render(mixer, 5)).toEqual(joined(frames(5, 320, sine(440, 32_767))));
  });

  it('gives silence for a late input, keeps its media and clicks nowhere', () => {
    const mixer = core();
    const tone = sine(250, 15_000);
    const steady = mixer.add('steady', { capacityMs: 1_000 });
    const late = mixer.add('late', { capacityMs: 1_000 });
    for (const frame of frames(10, 320, () => 0)) steady.push(frame);
    late.push(frameAt(0, 300, tone));
    const before = render(mixer, 3);
    for (let index = 0; index < 4; index++) late.push(frameAt(300 + index * 320, 320, tone));
    const after = render(mixer, 6);
    expect(before.subarray(0, 300)).toEqual(frameAt(0, 300, tone).samples);
    expect(before.subarray(300 + JOIN).every((sample) => sample === 0)).toBe(true);
    expect(after.subarray(JOIN, 1_280)).toEqual(frameAt(300 + JOIN, 1_280 - JOIN, tone).samples);
    expect(largestStep(Int16Array.of(...before, ...after))).toBeLessThan(largestStep(before.subarray(0, 300)) + 200);
    expect(late.statistics).toMatchObject({ receivedMs: 98.75, droppedMs: 0, queuedMs: 0 });
    expect(steady.statistics.lateMs).toBe(0);
  });

  it('trims what came too late when asked to stay in time', () => {
    const mixer = core();
    const late = mixer.add('late', { late: 'trim', capacityMs: 1_000 });
    late.push(frameAt(0, 320));
    render(mixer, 3);
    for (let index = 1; index < 5; index++) late.push(frameAt(index * 320, 320));
    const after = render(mixer, 2);
    expect(after.subarray(JOIN)).toEqual(frameAt(3 * 320 + JOIN, 640 - JOIN).samples);
    expect(late.statistics).toMatchObject({ lateMs: 40, droppedMs: 40 });
  });

  it('bounds what waits and counts what it drops, oldest first', () => {
    const mixer = core();
    const input = mixer.add('flood', { capacityMs: 100 });
    for (const frame of frames(50)) input.push(frame);
    expect(input.hasRoom).toBe(false);
    expect(input.statistics).toMatchObject({ receivedMs: 1_000, queuedMs: 120, droppedMs: 880 });
    expect(render(mixer, 1).subarray(JOIN)).toEqual(frameAt(44 * 320 + JOIN, 320 - JOIN).samples);
  });

  it('lets inputs join and leave to the sample, without a click', () => {
    const mixer = core();
    const tone = sine(200, 12_000);
    const guest = mixer.add('guest', { startAt: 31_250 as Micros, capacityMs: 10_000 });
    for (const frame of frames(20, 320, tone)) guest.push(frame);
    guest.remove({ at: 81_250 as Micros, fadeMs: 10 });
    const mixed = render(mixer, 8);
    expect(mixed.subarray(0, 501).every((sample) => sample === 0)).toBe(true);
    expect(mixed.subarray(500 + JOIN, 1_300)).toEqual(frameAt(JOIN, 800 - JOIN, tone).samples);
    expect(mixed.subarray(1_300, 1_460).some((sample) => sample !== 0)).toBe(true);
    expect(mixed.subarray(1_460).every((sample) => sample === 0)).toBe(true);
    expect(largestStep(mixed)).toBeLessThan(1_200);
    expect(mixer.ids).toEqual([]);
  });

  it('ducks music under speech, and lets it come back', () => {
    const mixer = core();
    const speech = mixer.add('speech', { capacityMs: 10_000 });
    const music = mixer.add('music', {
      capacityMs: 10_000,
      duck: { under: 'speech', db: -20, attackMs: 20, releaseMs: 100, holdMs: 40 },
    });
    for (const frame of frames(100, 320, sine(1_000, 10_000))) music.push(frame);
    for (const frame of frames(25, 320, sine(300, 5_000))) speech.push(frame);
    const mixed = render(mixer, 100);
    const during = measureTone(mixed.subarray(3_200, 8_000), 16_000, 1_000);
    const after = measureTone(mixed.subarray(16_000, 32_000), 16_000, 1_000);
    expect(during.amplitude).toBeCloseTo(-30.31, 1);
    expect(after.amplitude).toBeCloseTo(-10.31, 1);
  });

  it('limits a sum beyond full scale instead of wrapping or clipping', () => {
    const mixer = core();
    for (const id of ['a', 'b', 'c']) {
      const input = mixer.add(id, { capacityMs: 10_000 });
      for (const frame of frames(20, 320, sine(400, 30_000))) input.push(frame);
    }
    const mixed = render(mixer, 20).subarray(1_600);
    const tone = measureTone(mixed, 16_000, 400);
    expect(tone.amplitude).toBeGreaterThan(-1);
    expect(tone.snr).toBeGreaterThan(30);
    expect(Math.max(...mixed)).toBeLessThanOrEqual(32_767);
  });

  it('ramps a gain without a click', () => {
    const mixer = core();
    const input = mixer.add('one', { capacityMs: 10_000, gainDb: 0 });
    for (const frame of frames(10, 320, sine(100, 20_000))) input.push(frame);
    const start = render(mixer, 3);
    input.setGain(-60, { rampMs: 40 });
    const rest = render(mixer, 7);
    expect(largestStep(Int16Array.of(...start, ...rest))).toBeLessThan(900);
    expect(Math.max(...rest.subarray(1_000))).toBeLessThanOrEqual(20);
  });

  it('converts inputs of other formats', () => {
    const mixer = core({ timing: 'inputs', channels: 2 });
    const input = mixer.add('wide', { capacityMs: 10_000 });
    mixer.seal();
    for (const frame of frames(50, 960, sine(1_000, 10_000, 48_000), { sampleRate: 48_000 })) input.push(frame);
    input.end();
    const mixed = render(mixer, 100);
    expect(mixed.length).toBe(2 * 16_000);
    const left = mixed.filter((_, index) => index % 2 === 0);
    expect(measureTone(left.subarray(800, 15_200), 16_000, 1_000).amplitude).toBeCloseTo(-10.31, 1);
  });

  it('fills gaps with silence when nothing else keeps the time', () => {
    const mixer = core({ timing: 'inputs' });
    const input = mixer.add('one', { capacityMs: 10_000 });
    mixer.seal();
    input.push(frameAt(0, 320));
    input.push(frameAt(640, 320, ramp, { gap: { duration: 20_000 as Micros, reason: 'source' } }));
    input.end();
    const mixed = render(mixer, 5);
    expect(mixed.length).toBe(960);
    expect(mixed.subarray(320 + JOIN, 640).every((sample) => sample === 0)).toBe(true);
    expect(mixed.subarray(640 + JOIN)).toEqual(frameAt(640 + JOIN, 320 - JOIN).samples);
  });

  describe('keeps the time of an input that has gaps, where nothing else does', () => {
    /** Pushes the frames as they come and renders what is ready in between, as the mixer does. */
    const mixed = (list: readonly AudioFrame[], others: readonly (readonly AudioFrame[])[] = []) => {
      const mixer = core({ timing: 'inputs' });
      const inputs = [list, ...others].map((_, index) => mixer.add(String(index)));
      mixer.seal();
      const out: AudioFrame[] = [];
      const pump = () => {
        while (mixer.ready) out.push(mixer.render()!);
      };
      for (let turn = 0; turn < list.length; turn++)
        for (const [index, input] of inputs.entries()) {
          const frame = [list, ...others][index]![turn];
          if (frame !== undefined) input.push(frame);
          pump();
        }
      for (const input of inputs) input.end();
      while (!mixer.finished) out.push(mixer.render()!);
      return { samples: joined(out), dropped: inputs.map((input) => input.statistics.droppedMs) };
    };
    const gapped = (gapMs: number, count = 100, at = 50) =>
      Array.from({ length: count }, (_, index) =>
        frameAt(index * 320, 320, () => 1_000, {
          gap: index === at ? { duration: (gapMs * 1_000) as Micros, reason: 'source' } : undefined,
        }),
      );
    const sounding = (samples: Int16Array) => samples.filter((sample) => sample !== 0).length;

    it.each([60, 180, 220, 3_000, 600_000])('a gap of %i ms is as long in the mix, and no sound is lost', (gapMs) => {
      const { samples, dropped } = mixed(gapped(gapMs));
      expect(samples).toHaveLength(32_000 + gapMs * 16);
      expect(Math.abs(sounding(samples) - 32_000)).toBeLessThanOrEqual(JOIN);
      expect(dropped).toEqual([0]);
      expect(samples.subarray(16_000 + JOIN, 16_000 + gapMs * 16).every((sample) => sample === 0)).toBe(true);
    });

    it('beside an input without one', () => {
      const plain = frames(100, 320, () => 10);
      const { samples, dropped } = mixed(gapped(60), [plain]);
      expect(samples).toHaveLength(32_000 + 60 * 16);
      expect(dropped).toEqual([0, 0]);
      expect(samples.subarray(16_000 + JOIN, 16_960).every((sample) => sample === 10)).toBe(true);
      expect(samples.subarray(16_960 + JOIN, 32_000).every((sample) => sample === 1_010)).toBe(true);
    });

    it('of another rate: its tail sounds before the gap, not after it', () => {
      const list = Array.from({ length: 20 }, (_, index) =>
        frameAt(index * 960, 960, () => (index < 10 ? 20_000 : 0), {
          sampleRate: 48_000,
          gap: index === 10 ? { duration: 100_000 as Micros, reason: 'source' } : undefined,
        }),
      );
      const { samples } = mixed(list);
      expect(samples).toHaveLength(20 * 320 + 1_600);
      expect(samples.subarray(3_200 + 1_600).every((sample) => sample === 0)).toBe(true);
    });

    it('thousands of gaps do not drift', () => {
      const list = Array.from({ length: 3_000 }, (_, index) =>
        frameAt(index * 441, 441, () => 0, {
          sampleRate: 44_100,
          gap: { duration: 7_777 as Micros, reason: 'disconnected' },
        }),
      );
      expect(mixed(list).samples.length).toBe(Math.round(3_000 * 160) + Math.round(3_000 * 7.777 * 16));
    });

    it('also where a flood is dropped: silence stands for what is lost', () => {
      const mixer = core({ timing: 'inputs' });
      const flood = mixer.add('flood', { capacityMs: 100 });
      const other = mixer.add('other', { capacityMs: 10_000 });
      for (const frame of frames(50, 320, () => 1_000)) flood.push(frame);
      expect(flood.statistics.droppedMs).toBe(880);
      flood.end();
      for (const frame of frames(50, 320, () => 1)) other.push(frame);
      other.end();
      mixer.seal();
      const samples = render(mixer, 60);
      expect(samples).toHaveLength(16_000);
      expect(samples.subarray(JOIN, 880 * 16).every((sample) => sample === 1)).toBe(true);
      expect(samples.subarray(880 * 16 + JOIN).every((sample) => sample === 1_001)).toBe(true);
    });
  });

  it.each([20, 100])('does not keep the tail of a sentence for the next one, in frames of %i ms', (frameMs) => {
    const mixer = core();
    const input = mixer.add('speaker', { capacityMs: 1_000 });
    const length = frameMs * 48;
    const say = (value: number) => {
      let out = new Int16Array(0);
      for (let index = 0; index < 400 / frameMs; index++) {
        input.push(frameAt(index * length, length, () => value, { sampleRate: 48_000 }));
        out = Int16Array.of(...out, ...render(mixer, frameMs / 20));
      }
      return Int16Array.of(...out, ...render(mixer, 20));
    };
    const first = say(10_000);
    expect(first.lastIndexOf(10_000)).toBeLessThan((400 + frameMs + 20) * 16);
    expect(first.filter((sample) => sample !== 0).length).toBeGreaterThanOrEqual(400 * 16);
    expect(say(0).every((sample) => sample === 0)).toBe(true);
  });

  it('drops what waits on an interruption, with a fade, and releases it', () => {
    const mixer = core();
    const input = mixer.add('one', { capacityMs: 10_000 });
    let released = 0;
    const tone = sine(200, 12_000);
    for (const frame of frames(10, 320, tone)) input.push(frame, () => released++);
    const before = render(mixer, 2);
    const counted = { dropped: 0 };
    mixer.interrupt(interruption(1, counted));
    expect(released).toBe(10);
    expect(counted.dropped).toBe(155_000);
    input.push(frameAt(0, 320, tone));
    const after = mixer.render()!;
    expect(after.epoch).toBe(1);
    expect(after.samples.subarray(80 + JOIN).every((sample) => sample === 0)).toBe(true);
    expect(largestStep(Int16Array.of(...before, ...after.samples))).toBeLessThan(1_200);
    input.push(frameAt(0, 320, tone, { epoch: 1 }));
    expect(mixer.render()!.samples.subarray(JOIN)).toEqual(frameAt(JOIN, 320 - JOIN, tone).samples);
  });

  it('leaves nothing of what is dropped without a fade: nobody hears what it would be joined to', () => {
    const mixer = core();
    const input = mixer.add('one', { capacityMs: 10_000 });
    for (const frame of frames(10, 320, sine(200, 12_000))) input.push(frame);
    render(mixer, 2);
    mixer.interrupt({ ...interruption(1), fadeMs: 0 });
    expect(mixer.render()!.samples.every((sample) => sample === 0)).toBe(true);
  });

  it('counts its timestamps from samples', () => {
    const mixer = core({ sampleRate: 44_100 });
    mixer.add('one');
    for (let block = 0; block < 1_000; block++) mixer.render();
    expect(mixer.render()!.timestamp).toBe(Math.round((1_000 * 882 * 1_000_000) / 44_100));
  });

  it('refuses options and ids at once', () => {
    expect(() => core({ frameMs: 0 })).toThrow(RangeError);
    expect(() => core({ timing: 'sometimes' as never })).toThrow(TypeError);
    const mixer = core();
    mixer.add('one');
    expect(() => mixer.add('one')).toThrow(/id is not valid/);
    expect(() => mixer.input('two')).toThrow(/one of: one/);
    expect(() => mixer.add('two', { gainDb: Number.NaN })).toThrow(TypeError);
    expect(() => mixer.add('three', { duck: { under: 4 as never } })).toThrow(TypeError);
    expect(() => mixer.input('one').remove({ fadeMs: -1 })).toThrow(RangeError);
  });
});
