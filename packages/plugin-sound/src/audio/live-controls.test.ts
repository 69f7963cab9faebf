import { type AudioFrame, graph } from '@sluice/core';
import { measureTone, testTone, VirtualClock } from '@sluice/core/testing';
import { type OperatorFunction, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { framesOf, speechLike } from '../../test/signals.ts';
import { agc } from './agc.ts';
import { compressor } from './compressor.ts';
import { equalizer } from './equalizer.ts';
import { measureLoudness } from './measure-loudness.ts';

const rate = 16_000;

/** What is heard of a node that gets messages in the middle of the sound, and which messages it declares. */
async function heard(
  operator: OperatorFunction<AudioFrame, AudioFrame>,
  samples: Int16Array,
  ...messages: readonly { readonly type: string }[]
) {
  const bot = graph('studio', { clock: new VirtualClock() });
  const source = new Subject<AudioFrame>();
  const parts: Int16Array[] = [];
  bot
    .from(source)
    .pipe(operator)
    .to({
      next(frame: AudioFrame) {
        parts.push(frame.samples.slice());
        frame.close();
      },
    });
  await bot.start();
  const { id, controls = [] } = bot.inspect().nodes[1]!;
  const frames = framesOf(samples, rate, [320]);
  for (const [index, frame] of frames.entries()) {
    if (index === frames.length / 2) for (const message of messages) await bot.send(id, message);
    source.next(frame);
    await Promise.resolve();
  }
  source.complete();
  await bot.finished;
  const output = new Int16Array(samples.length);
  let at = 0;
  for (const part of parts) {
    output.set(part, at);
    at += part.length;
  }
  expect(at).toBe(samples.length);
  return { output, types: controls.map(({ type }) => type) };
}

const tone = testTone({ sampleRate: rate, frequency: 1_000, durationMs: 2_000, amplitude: 3_277 });
const half = tone.length / 2;
const level = (samples: Int16Array) => measureTone(samples.slice(-rate / 4), rate, 1_000).amplitude;
const louder = (output: Int16Array) => level(output) - level(output.subarray(0, half));
const steepest = (samples: Int16Array) =>
  samples.reduce((most, sample, index) => Math.max(most, Math.abs(sample - (samples[index - 1] ?? sample))), 0);

describe('a message is heard from its moment on', () => {
  it('as another band, or others, of an equalizer', async () => {
    const bands = [
      { type: 'low-pass', frequency: 6_000 },
      { type: 'peaking', frequency: 1_000, db: 6 },
    ] as const;
    const { output, types } = await heard(equalizer({ bands }), tone, { type: 'set-band', index: 1, db: -6 } as never);
    expect(types).toEqual(['set-band', 'set-bands']);
    expect(louder(output)).toBeCloseTo(-12, 1);
    const added = { type: 'set-band', index: 0, band: 'peaking', frequency: 1_000, db: 9 };
    expect(louder((await heard(equalizer(), tone, added)).output)).toBeCloseTo(9, 1);
    const other = { type: 'set-bands', bands: [{ type: 'high-pass', frequency: 1_000 }] };
    expect(louder((await heard(equalizer(), tone, other)).output)).toBeCloseTo(-3, 1);
  });

  it('as another threshold of a compressor, and without a click as what it adds', async () => {
    const options = { thresholdDb: 0, ratio: 4, kneeDb: 0 };
    const lower = { type: 'set-compression', thresholdDb: -40 };
    const { output, types } = await heard(compressor(options), tone, lower);
    expect(types).toEqual(['set-compression']);
    // 20 dB above the threshold become 5.
    expect(Math.abs(louder(output) + 15)).toBeLessThan(0.7);
    const added = { type: 'set-compression', makeupDb: 12 };
    const loud = (await heard(compressor(options), tone, added)).output;
    expect(louder(loud)).toBeCloseTo(12, 1);
    expect(steepest(loud)).toBeLessThanOrEqual(steepest(loud.subarray(-rate / 4)) + 1);
  });

  it('as another loudness of speech', async () => {
    const { output, types } = await heard(agc({ targetLufs: -20 }), speechLike(rate, 16), {
      type: 'set-target',
      targetLufs: -30,
    } as never);
    expect(types).toEqual(['set-target']);
    const loudness = (from: number, to: number) =>
      measureLoudness(output.subarray(from * rate, to * rate), { sampleRate: rate }).integrated;
    expect(Math.abs(loudness(4, 8) + 20)).toBeLessThan(1.5);
    expect(Math.abs(loudness(12, 16) + 30)).toBeLessThan(1.5);
  });
});

it('refuses what is no band, setting or loudness, and goes on as it was', () => {
  const [tone, loud, speech] = [equalizer({ bands: [{ type: 'notch', frequency: 50 }] }), compressor(), agc()];
  expect(() => tone.setBand(2, { type: 'notch', frequency: 50 })).toThrow(/setBand\.index/);
  expect(() => tone.setBand(0.5, {})).toThrow(TypeError);
  expect(() => tone.setBand(1, { db: 3 })).toThrow(/type/);
  expect(tone.bands).toEqual([{ type: 'notch', frequency: 50 }]);
  expect(() => loud.setCompression({ ratio: 0 })).toThrow(/setCompression\.ratio/);
  expect(() => loud.setCompression({ lookaheadMs: 5 } as never)).toThrow(TypeError);
  expect(() => speech.setTarget(0)).toThrow(/setTarget\.targetLufs/);
});
