import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitSine } from '../testing/sound/sine-fit.ts';
import { resampleDelay } from './polyphase-filter.ts';
import { outputLength, Resampler, type ResamplerOptions } from './resampler.ts';
import { ScalarFirEngine } from './scalar-fir-engine.ts';

const pairs = [
  [48_000, 16_000],
  [16_000, 48_000],
  [44_100, 48_000],
  [24_000, 16_000],
] as const;
const rates = [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 44_101, 48_000, 96_000];

function convert(options: ResamplerOptions, input: Int16Array, sizes: readonly number[] = [input.length]): Int16Array {
  const resampler = new Resampler(options);
  const output: number[] = [];
  for (let start = 0, turn = 0; start < input.length; turn++) {
    const end = start + sizes[turn % sizes.length]! * options.channels;
    for (const sample of resampler.process(input.slice(start, end))) output.push(sample);
    start = end;
  }
  for (const sample of resampler.flush()) output.push(sample);
  return Int16Array.from(output);
}

function sine(frequency: number, sampleRate: number, frames: number, amplitude: number): Int16Array {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  return Int16Array.from({ length: frames }, (_, i) => Math.round(amplitude * Math.sin(omega * i)));
}

/** What is in `samples`, the first of which has index `at`; `phase` is that against a sine that began at index 0. */
function toneFit(samples: Int16Array, frequency: number, sampleRate: number, at: number) {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  const fit = fitSine(samples, omega);
  const noise = fit.residual ** 2;
  const turns = (fit.phase + Math.PI / 2 - omega * at) / (2 * Math.PI);
  return {
    amplitude: fit.amplitude,
    phase: (turns - Math.round(turns)) * 2 * Math.PI,
    noise,
    power: fit.amplitude ** 2 / 2 + noise,
    snrDb: 10 * Math.log10(fit.amplitude ** 2 / 2 / noise),
  };
}

const gainDb = (amplitude: number, reference: number) => 20 * Math.log10(amplitude / reference);

function noise(frames: number, seed = 1): Int16Array {
  let state = seed;
  return Int16Array.from({ length: frames }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 16;
  });
}

describe.each(pairs)('%i Hz to %i Hz', (inputRate, outputRate) => {
  const nyquist = Math.min(inputRate, outputRate) / 2;
  const through = (frequency: number) => {
    const output = convert({ inputRate, outputRate, channels: 1 }, sine(frequency, inputRate, inputRate / 2, 32_000));
    return output.subarray(outputRate / 20, (outputRate * 9) / 20);
  };
  const at = outputRate / 20;

  test('keeps a 1 kHz tone at 90 dB above everything else, in time', () => {
    const fit = toneFit(through(1000), 1000, outputRate, at);
    expect(fit.snrDb).toBeGreaterThan(90);
    expect(gainDb(fit.amplitude, 32_000)).toBeCloseTo(0, 2);
    expect(Math.abs(fit.phase)).toBeLessThan(1e-4);
  });

  test('is within 0.5 dB at 0.9 of the lower Nyquist frequency', () => {
    const fit = toneFit(through(0.9 * nyquist), 0.9 * nyquist, outputRate, at);
    expect(Math.abs(gainDb(fit.amplitude, 32_000))).toBeLessThan(0.5);
  });

  test('keeps aliases and images under -80 dB', () => {
    for (const ratio of [0.6, 0.9, 0.99, 1.003, 1.02, 1.1, 1.4, 1.9, 2.4]) {
      const frequency = ratio * nyquist;
      if (frequency >= inputRate / 2) continue;
      const fit = toneFit(through(frequency), frequency, outputRate, at);
      const alias = frequency > nyquist ? fit.power : fit.noise;
      expect(10 * Math.log10((alias + 1e-9) / (32_000 ** 2 / 2))).toBeLessThan(-80);
    }
  });

  test('sharp: has the pass band and the aliases of soxr at HIGH, with the latency of high', () => {
    const options = { inputRate, outputRate, channels: 1, quality: 'sharp' as const };
    const sharp = (frequency: number) =>
      toneFit(
        convert(options, sine(frequency, inputRate, inputRate / 2, 32_000)).subarray(at, (outputRate * 9) / 20),
        frequency,
        outputRate,
        at,
      );
    for (const ratio of [0.1, 0.35, 0.6, 0.8, 0.9])
      expect(Math.abs(gainDb(sharp(ratio * nyquist).amplitude, 32_000))).toBeLessThan(0.05);
    expect(sharp(1000).snrDb).toBeGreaterThan(92.8);
    for (const ratio of [0.6, 0.9, 0.99, 1.003, 1.02, 1.1, 1.4, 1.9, 2.4]) {
      const frequency = ratio * nyquist;
      if (frequency >= inputRate / 2) continue;
      const fit = sharp(frequency);
      const alias = frequency > nyquist ? fit.power : fit.noise;
      expect(10 * Math.log10((alias + 1e-9) / (32_000 ** 2 / 2))).toBeLessThan(-91);
    }
    expect(resampleDelay(inputRate, outputRate, 'sharp')).toBe(resampleDelay(inputRate, outputRate));
  });

  test('states the delay that it costs', () => {
    const resampler = new Resampler({ inputRate, outputRate, channels: 1 });
    const frames = resampler.delaySamples;
    expect(resampleDelay(inputRate, outputRate)).toBe(frames);
    expect(resampler.process(new Int16Array(frames))).toHaveLength(0);
    expect(resampler.process(new Int16Array(1)).length).toBeGreaterThan(0);
    expect(resampler.latencyMs).toBeCloseTo((frames / inputRate) * 1000, 9);
    expect(resampler.latencyMs).toBeLessThan(2.6);
  });
});

describe('Resampler', () => {
  test('equals the scalar reference sample for sample', () => {
    const rate = fc.constantFrom(...rates);
    const cases = fc.record({
      inputRate: rate,
      outputRate: rate,
      channels: fc.constantFrom(1, 2, 3, 6),
      quality: fc.constantFrom('fast' as const, 'high' as const, 'sharp' as const),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(cases, ({ seed, ...options }) => {
        const input = noise(options.channels * 700, seed);
        const expected = convert({ ...options, engine: new ScalarFirEngine() }, input);
        expect(convert(options, input)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  // Most of its time goes into designing a filter for each pair of rates.
  test('does not care how the input is split, and the length is exact', { timeout: 60_000 }, () => {
    const rate = fc.constantFrom(...rates, 1_000, 7_919, 192_000);
    const cases = fc.record({
      inputRate: rate,
      outputRate: rate,
      channels: fc.constantFrom(1, 2, 5),
      frames: fc.integer({ min: 0, max: 3000 }),
      sizes: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(cases, ({ frames, sizes, ...options }) => {
        const input = noise(frames * options.channels);
        const whole = convert(options, input);
        expect(whole.length / options.channels).toBe(Math.round((frames * options.outputRate) / options.inputRate));
        expect(convert(options, input, sizes)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    [44_100, 48_000, 3600],
    [48_000, 16_000, 3600],
    [44_100, 44_101, 120],
  ])('%i Hz to %i Hz neither loses a sample nor drifts in %i s', (inputRate, outputRate, seconds) => {
    const resampler = new Resampler({ inputRate, outputRate, channels: 1 });
    const second = sine(1000, inputRate, inputRate, 30_000);
    let total = 0;
    let last = new Int16Array(0);
    for (let i = 0; i < seconds; i++) {
      last = resampler.process(second) as Int16Array<ArrayBuffer>;
      total += last.length;
    }
    const fit = toneFit(last, 1000, outputRate, total - last.length);
    expect(fit.snrDb).toBeGreaterThan(90);
    expect(Math.abs(fit.phase)).toBeLessThan(1e-4);
    expect(total + resampler.flush().length).toBe(seconds * outputRate);
  });

  test.each([
    [768_000, 1_000],
    [767_999, 1_000],
    [1_000, 768_000],
    [1_000, 767_999],
    [48_000, 47_999],
  ])('takes the extreme pair %i Hz to %i Hz', (inputRate, outputRate) => {
    const frames = Math.max(200, Math.round(inputRate * 0.3));
    const output = convert({ inputRate, outputRate, channels: 1 }, sine(100, inputRate, frames, 20_000), [frames >> 1]);
    expect(output).toHaveLength(Math.round((frames * outputRate) / inputRate));
    const edge = Math.floor(output.length / 3);
    const fit = toneFit(output.subarray(edge, 2 * edge), 100, outputRate, edge);
    expect(gainDb(fit.amplitude, 20_000)).toBeCloseTo(0, 1);
    expect(fit.snrDb).toBeGreaterThan(75);
  });

  test('64 channels stay apart', () => {
    const mono = noise(960);
    const input = Int16Array.from({ length: 960 * 64 }, (_, i) => (i % 64 === 17 ? mono[Math.floor(i / 64)]! : 0));
    const output = convert({ inputRate: 48_000, outputRate: 16_000, channels: 64 }, input);
    const expected = convert({ inputRate: 48_000, outputRate: 16_000, channels: 1 }, mono);
    expect(output.filter((_, i) => i % 64 === 17)).toEqual(expected);
    expect(output.every((sample, i) => i % 64 === 17 || sample === 0)).toBe(true);
  });

  test('clamps what overshoots: a full-scale square never wraps', () => {
    const input = Int16Array.from({ length: 4800 }, (_, i) => (Math.floor(i / 24) % 2 === 0 ? 32_767 : -32_768));
    const output = convert({ inputRate: 48_000, outputRate: 44_100, channels: 1 }, input);
    expect(Math.max(...output)).toBe(32_767);
    expect(Math.min(...output)).toBe(-32_768);
    let jumps = 0;
    for (let i = 1; i < output.length; i++) if (Math.abs(output[i]! - output[i - 1]!) > 60_000) jumps++;
    expect(jumps).toBeLessThanOrEqual(1);
  });

  test('every result owns its whole buffer', () => {
    const resampler = new Resampler({ inputRate: 48_000, outputRate: 16_000, channels: 2 });
    for (const output of [resampler.process(noise(40_000)), resampler.process(noise(1920)), resampler.flush()]) {
      expect(output.byteOffset).toBe(0);
      expect(output.buffer.byteLength).toBe(output.byteLength);
    }
  });

  test('more filters than the vector memory holds take turns without harm', () => {
    const several = Array.from({ length: 12 }, (_, i) => ({ inputRate: 44_100 + i, outputRate: 48_000, channels: 1 }));
    const input = noise(2000);
    const expected = several.map((options) => convert(options, input));
    const resamplers = several.map((options) => new Resampler(options));
    const halves = [input.slice(0, 1000), input.slice(1000)];
    const outputs = several.map(() => [] as number[]);
    for (const half of halves) resamplers.forEach((resampler, i) => void outputs[i]!.push(...resampler.process(half)));
    resamplers.forEach((resampler, i) => void outputs[i]!.push(...resampler.flush()));
    expect(outputs.map((output) => Int16Array.from(output))).toEqual(expected);
  });

  test('flush leaves it as new', () => {
    const resampler = new Resampler({ inputRate: 16_000, outputRate: 48_000, channels: 1 });
    const first = [...resampler.process(noise(500)), ...resampler.flush()];
    expect(resampler.flush()).toHaveLength(0);
    expect([...resampler.process(noise(500)), ...resampler.flush()]).toEqual(first);
  });

  const stretches = fc.record({
    inputRate: fc.constantFrom(...rates, 7_919),
    outputRate: fc.constantFrom(...rates, 7_919),
    channels: fc.constantFrom(1, 2),
    lengths: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
    seed: fc.integer(),
  });

  test('drained anywhere it has given what belongs to the input so far, and goes on as if it had not been', () => {
    fc.assert(
      fc.property(stretches, ({ lengths, seed, ...options }) => {
        const { inputRate, outputRate, channels } = options;
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const input = noise(total * channels, seed);
        const whole = convert(options, input);
        const resampler = new Resampler(options);
        let at = 0;
        let given = 0;
        for (const length of lengths) {
          const output = resampler.process(input.slice(at * channels, (at + length) * channels));
          expect(output).toEqual(whole.slice(given, given + output.length));
          at += length;
          given += output.length;
          given += resampler.drain().length;
          expect(given).toBe(Math.round((at * outputRate) / inputRate) * channels);
          expect(resampler.drain()).toHaveLength(0);
        }
        expect(resampler.flush()).toHaveLength(0);
        expect([...resampler.process(input), ...resampler.flush()]).toEqual([...whole]);
      }),
      { numRuns: 60 },
    );
  });

  test.each(pairs)(
    '%i to %i Hz drained every 20 ms keeps a voice clean: what is not known is taken to go on',
    (inputRate, outputRate) => {
      const resampler = new Resampler({ inputRate, outputRate, channels: 1 });
      const input = sine(200, inputRate, inputRate, 20_000);
      const output: number[] = [];
      for (let at = 0; at < input.length; at += inputRate / 50)
        output.push(...resampler.process(input.slice(at, at + inputRate / 50)), ...resampler.drain());
      const fit = toneFit(Int16Array.from(output), 200, outputRate, 0);
      expect(output).toHaveLength(outputRate);
      expect(fit.snrDb).toBeGreaterThan(50);
      expect(Math.abs(fit.phase)).toBeLessThan(1e-3);
    },
  );

  test('stretches between gaps keep their count and hear nothing of each other', () => {
    fc.assert(
      fc.property(stretches, ({ lengths, seed, ...options }) => {
        const { inputRate, outputRate, channels } = options;
        const resampler = new Resampler(options);
        let received = 0;
        let given = 0;
        for (const [index, length] of lengths.entries()) {
          const loud = index % 2 === 0;
          const output = resampler.process(loud ? noise(length * channels, seed) : new Int16Array(length * channels));
          const rest = resampler.drain();
          if (!loud) expect([...output, ...rest].every((sample) => sample === 0)).toBe(true);
          resampler.beginStretch();
          received += length;
          given += (output.length + rest.length) / channels;
          expect(given).toBe(Math.round((received * outputRate) / inputRate));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a stretch stands where its samples were counted, to a fraction of a sample', () => {
    for (const [inputRate, outputRate] of [...pairs, [44_100, 16_000], [48_000, 8_000], [8_000, 11_025]] as const) {
      const resampler = new Resampler({ inputRate, outputRate, channels: 1 });
      let received = 0;
      let given = 0;
      for (const length of [1_443, 1_024, 7, 5_000]) {
        const input = Int16Array.from({ length }, (_, i) =>
          Math.round(20_000 * Math.sin((2 * Math.PI * 300 * (received + i)) / inputRate)),
        );
        const output = Int16Array.from([...resampler.process(input), ...resampler.drain()]);
        const edge = Math.ceil(outputRate / 200);
        if (output.length > outputRate / 20) {
          const fit = toneFit(output.subarray(edge, -edge), 300, outputRate, given + edge);
          expect(Math.abs(fit.phase)).toBeLessThan(1e-3);
        }
        resampler.beginStretch();
        received += length;
        given += output.length;
      }
    }
  });

  test('the length is exact where the product exceeds doubles', () => {
    expect(outputLength(9_007_199_254_740_000, 160, 147)).toBe(Number((9_007_199_254_740_000n * 160n) / 147n));
  });

  test('bad input is a typed error at once', () => {
    const good = { inputRate: 48_000, outputRate: 16_000, channels: 2 };
    expect(() => new Resampler({ ...good, inputRate: 999 })).toThrow(RangeError);
    expect(() => new Resampler({ ...good, outputRate: 44_100.5 })).toThrow(TypeError);
    expect(() => new Resampler({ ...good, channels: 65 })).toThrow(RangeError);
    expect(() => new Resampler({ ...good, quality: 'ultra' as 'best' })).toThrow(/fast, high, best/);
    expect(() => new Resampler(good).process(new Int16Array(3))).toThrow(/whole frames/);
  });
});
