import { seededRandom, testTone } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKeys, type DtmfSignalOptions, dtmfSignal } from '../../../test/dtmf-signal.ts';
import { DtmfDetector } from './dtmf-detector.ts';

function hear(signal: Int16Array, sampleRate: number, minLevelDb = -45): string {
  const detector = new DtmfDetector(sampleRate, minLevelDb);
  let digits = '';
  const tell = (digit: string) => {
    digits += digit;
  };
  detector.process(signal, 1, tell);
  detector.flush(tell);
  return digits;
}

const heard = (options: DtmfSignalOptions, digits = allKeys) => hear(dtmfSignal(digits, options), options.sampleRate);
const rates = [8_000, 11_025, 16_000, 44_100, 48_000];

describe('DtmfDetector', () => {
  it.each(rates)('hears all keys at %i Hz, from 40 ms on, through twist, deviation and noise', (sampleRate) => {
    for (const toneMs of [40, 140]) expect(heard({ sampleRate, toneMs, pauseMs: 40 })).toBe(allKeys);
    for (const twistDb of [-8, 4])
      for (const off of [-0.015, 0.015])
        for (const snrDb of [Number.POSITIVE_INFINITY, 15])
          expect(heard({ sampleRate, toneMs: 45, twistDb, snrDb, offset: [off, -off] })).toBe(allKeys);
  });

  it('hears none that are too short, too far off, too unlike or too quiet', () => {
    for (const sampleRate of rates) {
      for (const toneMs of [10, 20, 23]) expect(heard({ sampleRate, toneMs })).toBe('');
      for (const off of [-0.035, 0.035, -0.05, 0.05]) {
        expect(heard({ sampleRate, toneMs: 100, offset: [off, 0] })).toBe('');
        expect(heard({ sampleRate, toneMs: 100, offset: [0, off] })).toBe('');
      }
      for (const twistDb of [-12, 8]) expect(heard({ sampleRate, toneMs: 100, twistDb })).toBe('');
    }
    expect(hear(dtmfSignal('5', { sampleRate: 8_000, toneMs: 100 }), 8_000, -10)).toBe('');
  });

  it('tells where a digit begins and ends, wherever that is', () => {
    const tones = dtmfSignal('7', { sampleRate: 8_000, toneMs: 45, pauseMs: 100 });
    for (let shift = 0; shift < 40; shift++) {
      const found: number[] = [];
      const detector = new DtmfDetector(8_000, -45);
      detector.process(tones.subarray(shift), 1, (_digit, start, end) => found.push(start, end));
      expect(Math.abs(found[0]! + shift - 800)).toBeLessThanOrEqual(24);
      expect(Math.abs(found[1]! + shift - 1_160)).toBeLessThanOrEqual(24);
      expect(found).toHaveLength(2);
    }
  });

  it('hears the same whatever the pieces, to the sample', () => {
    const signal = dtmfSignal('1599D', { sampleRate: 8_000, toneMs: 45, snrDb: 15 });
    const listen = (sizes: readonly number[]) => {
      const detector = new DtmfDetector(8_000, -45);
      const found: unknown[] = [];
      for (let at = 0, index = 0; at < signal.length; index++) {
        const size = sizes[index % sizes.length]!;
        detector.process(signal.subarray(at, at + size), 1, (...digit) => found.push(digit));
        at += size;
      }
      return found;
    };
    const whole = listen([signal.length]);
    expect(whole).toHaveLength(5);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        expect(listen(sizes)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('parts two presses by a pause of 40 ms, and not by 10 ms of silence', () => {
    expect(heard({ sampleRate: 8_000, toneMs: 50, pauseMs: 40 }, '5555')).toBe('5555');
    const one = dtmfSignal('5', { sampleRate: 8_000, toneMs: 120 });
    for (let cut = 700; cut < 1_100; cut += 7) {
      const broken = one.slice();
      broken.fill(0, cut, cut + 80);
      expect(hear(broken, 8_000)).toBe('5');
    }
  });

  it('hears digits without a pause between', () => {
    const found: (string | number)[][] = [];
    const detector = new DtmfDetector(8_000, -45);
    const tell = (...digit: (string | number)[]) => found.push(digit);
    detector.process(dtmfSignal('1236', { sampleRate: 8_000, toneMs: 100, pauseMs: 0 }), 1, tell);
    detector.flush(tell);
    expect(found.map(([digit]) => digit).join('')).toBe('1236');
    for (let index = 1; index < 4; index++) expect(found[index]![1]).toBe(found[index - 1]![2]);
  });

  it('hears a key across a hole of 40 ms, and two across a longer one', () => {
    const tone = dtmfSignal('3', { sampleRate: 8_000, toneMs: 100, pauseMs: 0 });
    const found: (string | number)[][] = [];
    const tell = (...digit: (string | number)[]) => found.push(digit);
    const detector = new DtmfDetector(8_000, -45);
    for (const hole of [320, 321]) {
      detector.process(tone, 1, tell);
      detector.skip(hole, tell);
    }
    detector.process(tone, 1, tell);
    detector.flush(tell);
    expect(found).toEqual([
      ['3', 0, 1_920],
      ['3', expect.closeTo(2_241, -1.2), 3_041],
    ]);
    expect(detector.position).toBe(3_041);
  });

  it('takes neither chords, nor single tones, nor speech-like noise, nor hiss for a digit', () => {
    const sampleRate = 16_000;
    const random = seededRandom(5);
    const notes = (midi: readonly number[], partials: number) =>
      Int16Array.from({ length: sampleRate / 4 }, (_, index) => {
        let value = 0;
        for (const note of midi)
          for (let partial = 1; partial <= partials; partial++)
            value += Math.sin((2 * Math.PI * 440 * 2 ** ((note - 69) / 12) * partial * index) / sampleRate) / partial;
        return 2_500 * value * Math.exp(-index / sampleRate);
      });
    const note = () => 48 + Math.floor(random() * 42);
    for (let chord = 0; chord < 150; chord++) {
      expect(hear(notes([note(), note(), note()], 1 + (chord % 4)), sampleRate)).toBe('');
      expect(hear(notes([note(), note()], 3), sampleRate)).toBe('');
    }
    for (const frequency of [697, 941, 1_209, 1_633, 440])
      expect(hear(testTone({ sampleRate, frequency, durationMs: 300 }), sampleRate)).toBe('');
    expect(hear(babble(sampleRate, 60), sampleRate)).toBe('');
    expect(
      hear(
        Int16Array.from({ length: 30 * sampleRate }, () => 40_000 * (random() - 0.5)),
        sampleRate,
      ),
    ).toBe('');
  });
});

/** Pulses of a voice and hiss through two resonances that move each quarter of a second, as vowels do. */
function babble(sampleRate: number, seconds: number): Int16Array {
  const random = seededRandom(11);
  const signal = new Int16Array(seconds * sampleRate);
  const state = [0, 0, 0, 0];
  const resonate = (value: number, at: number, frequency: number) => {
    const radius = Math.exp((-Math.PI * 90) / sampleRate);
    const next =
      value +
      2 * radius * Math.cos((2 * Math.PI * frequency) / sampleRate) * state[at]! -
      radius * radius * state[at + 1]!;
    state[at + 1] = state[at]!;
    state[at] = next;
    return next;
  };
  let [first, second, pitch, phase] = [500, 1_500, 100, 0];
  for (let index = 0; index < signal.length; index++) {
    if (index % (sampleRate / 4) === 0)
      [first, second, pitch] = [300 + random() * 800, 900 + random() * 1_500, 80 + random() * 200];
    phase += pitch / sampleRate;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    const value = resonate(resonate(pulse + 0.05 * (random() - 0.5), 0, first), 2, second);
    signal[index] = Math.max(-32_768, Math.min(32_767, 400 * value));
  }
  return signal;
}
