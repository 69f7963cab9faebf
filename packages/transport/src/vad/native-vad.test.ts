import { fakeVoiceDetector } from '@sluice/core/voice';
import { describe, expect, test } from 'vitest';
import { Daily } from '../daily.ts';

const RATE = 16_000;
const code = (code: string) => expect.objectContaining({ code });

/** What seems a voice: a buzz whose level rises and falls as syllables do. */
function voice(seconds: number, sampleRate = RATE): Int16Array {
  return Int16Array.from({ length: seconds * sampleRate }, (_, n) => {
    const time = n / sampleRate;
    const syllable = Math.sin(Math.PI * 5 * time) ** 2;
    let sum = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic++)
      sum += (1_500 * syllable * Math.sin(2 * Math.PI * 130 * harmonic * time)) / harmonic;
    return sum;
  });
}

/** The answers for each 10 ms. */
async function answers(vad: ReturnType<typeof Daily.createNativeVad>, samples: Int16Array): Promise<number[]> {
  const block = (vad.sampleRate / 100) * vad.channels;
  const told: number[] = [];
  for (let at = 0; at < samples.length; at += block)
    told.push(await vad.analyzeFrames(samples.subarray(at, at + block)));
  return told;
}

test.each([8_000, 16_000, 32_000, 48_000])('a voice is near 1, silence is 0, at %i Hz', async (sampleRate) => {
  using vad = Daily.createNativeVad({ sampleRate });
  const voiced = await answers(vad, voice(1, sampleRate));
  expect(voiced.filter((one) => one > 0.5).length).toBeGreaterThan(60);
  expect(voiced.every((one) => [0, 0.25, 0.5, 0.75, 1].includes(one))).toBe(true);
  const silent = await answers(vad, new Int16Array(sampleRate));
  expect(silent.slice(30)).toEqual(silent.slice(30).fill(0));
});

test('defaults are those of the Daily SDK; two channels are mixed', async () => {
  using vad = Daily.createNativeVad();
  expect([vad.resetPeriodMs, vad.sampleRate, vad.channels]).toEqual([1_000, 16_000, 1]);
  using stereo = Daily.createNativeVad({ channels: 2 });
  const mono = voice(0.5);
  const both = Int16Array.from({ length: 2 * mono.length }, (_, n) => mono[n >> 1]!);
  const opposite = both.map((sample, n) => (n % 2 === 0 ? sample : -sample));
  expect(await answers(stereo, both)).toEqual(await answers(vad, mono));
  using other = Daily.createNativeVad({ channels: 2 });
  expect(Math.max(...(await answers(other, opposite)))).toBe(0);
});

test('the first 10 ms are judged, more is ignored, less and half samples are refused', async () => {
  const samples = voice(0.5);
  using short = Daily.createNativeVad();
  using long = Daily.createNativeVad();
  const padded: number[] = [];
  for (let at = 0; at < samples.length; at += 160) {
    const piece = new Int16Array(1_600).fill(20_000);
    piece.set(samples.subarray(at, at + 160));
    padded.push(await long.analyzeFrames(piece));
  }
  expect(padded).toEqual(await answers(short, samples));
  await expect(short.analyzeFrames(new Uint8Array(321))).rejects.toThrow(code('SLUICE_FRAME_SHAPE'));
  await expect(short.analyzeFrames(new Int16Array(159))).rejects.toThrow(/frames.*160 samples per channel.*159/);
  await expect(short.analyzeFrames(new Int16Array(159))).rejects.toThrow(RangeError);
  await expect(short.analyzeFrames('hello' as never)).rejects.toThrow(TypeError);
});

test('after the reset period it begins anew', async () => {
  const once = voice(0.2);
  const twice = new Int16Array(2 * once.length);
  twice.set(once);
  twice.set(once, once.length);
  using vad = Daily.createNativeVad({ resetPeriodMs: 200 });
  const told = await answers(vad, twice);
  expect(told.slice(20)).toEqual(told.slice(0, 20));
});

describe('a detector of a plugin', () => {
  const detector = fakeVoiceDetector();

  test('answers 1 while it says that somebody speaks', async () => {
    using vad = Daily.createNativeVad({ detector, sampleRate: 8_000, resetPeriodMs: 60_000 });
    const told = await answers(vad, new Int16Array(80 * 30).fill(9_000, 80 * 5, 80 * 15));
    // Silence is told 50 ms after it began.
    expect(told).toEqual([...Array(5).fill(0), ...Array(14).fill(1), ...Array(11).fill(0)]);
  });

  test('accepts its own rates only', () => {
    expect(() => Daily.createNativeVad({ detector, sampleRate: 44_100 })).toThrow(/sampleRate.*16000, 8000/);
    expect(() => Daily.createNativeVad({ detector: {} as never })).toThrow(/detector.*VoiceDetector/);
  });
});

test('after closing it answers nobody', async () => {
  const vad = Daily.createNativeVad();
  await vad.analyzeFrames(new Int16Array(160));
  const late = vad.analyzeFrames(new Int16Array(160));
  vad.close();
  vad.close();
  await expect(late).rejects.toThrow(code('SLUICE_DEVICE_DESTROYED'));
  await expect(vad.analyzeFrames(new Int16Array(160))).rejects.toThrow(code('SLUICE_DEVICE_DESTROYED'));
});

test.each([
  [{ resetPeriodMs: 10 }, RangeError, /resetPeriodMs.*20 ms/],
  [{ resetPeriodMs: '1000' }, TypeError, /resetPeriodMs/],
  [{ sampleRate: 24_000 }, RangeError, /sampleRate.*8000, 16000, 32000, 48000/],
  [{ channels: 3 }, RangeError, /channels.*1 or 2/],
  [{ reset_period_ms: 1_000 }, TypeError, /did you mean resetPeriodMs/],
  [1_000, TypeError, /an object with the options resetPeriodMs, sampleRate, channels, detector/],
])('options %o are refused', (options, error, rule) => {
  expect(() => Daily.createNativeVad(options as never)).toThrow(error);
  expect(() => Daily.createNativeVad(options as never)).toThrow(rule);
});
