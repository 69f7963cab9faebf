import { seededRandom } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { BandPowers, bandCentres } from './band-powers.ts';
import { EchoDetector, type EchoVerdict, STEP_MS } from './echo-detector.ts';

const RATE = 16_000;
const STEP = (RATE * STEP_MS) / 1_000;
const SECONDS = 8;

/** Syllables of 80 to 250 ms of harmonics with formants that differ, pauses between: loud and quiet as speech is. */
function syllables(seed: number, fundamental: number): Int16Array {
  const random = seededRandom(seed);
  const out = new Int16Array(RATE * SECONDS);
  for (let at = 0; at < out.length; ) {
    const length = Math.round((0.08 + 0.17 * random()) * RATE);
    const formants = [300 + 500 * random(), 900 + 1_300 * random(), 2_300 + 900 * random()];
    const level = 1_500 + 4_000 * random();
    for (let n = 0; n < length && at + n < out.length; n++) {
      let value = 0;
      for (let harmonic = 1; harmonic * fundamental < 3_600; harmonic++) {
        const frequency = harmonic * fundamental;
        const near = Math.max(...formants.map((formant) => Math.exp(-(((frequency - formant) / 220) ** 2))));
        value += (0.02 + near) * Math.sin((2 * Math.PI * frequency * n) / RATE + harmonic);
      }
      out[at + n] = level * Math.sin((Math.PI * n) / length) * value * 0.4;
    }
    at += length + Math.round(random() < 0.2 ? 0.3 * RATE : 0.03 * RATE);
  }
  return out;
}

function verdicts(own: Int16Array, heard: Int16Array): { verdicts: EchoVerdict[]; detector: EchoDetector } {
  const detector = new EchoDetector();
  const [ownBands, heardBands] = [new BandPowers(RATE), new BandPowers(RATE)];
  const [a, b] = [new Float64Array(bandCentres.length), new Float64Array(bandCentres.length)];
  const all: EchoVerdict[] = [];
  for (let at = 0; at + STEP <= own.length; at += STEP) {
    ownBands.measure(own, at, at + STEP, a);
    heardBands.measure(heard, at, at + STEP, b);
    all.push(detector.detect(a, b));
  }
  return { verdicts: all, detector };
}

/** The own voice as it comes back: later, fainter, and with noise. */
function echoOf(own: Int16Array, delayMs: number, gainDb: number): Int16Array {
  const random = seededRandom(9);
  const delay = (delayMs * RATE) / 1_000;
  return own.map((_, n) => (own[n - delay] ?? 0) * 10 ** (gainDb / 20) + (random() - 0.5) * 30);
}
const share = (all: readonly EchoVerdict[], verdict: EchoVerdict) =>
  all.filter((one) => one === verdict).length / all.length;

describe('EchoDetector', () => {
  const own = syllables(1, 110);
  const other = syllables(2, 210);

  it.each([
    [40, -6],
    [180, -12],
    [350, -20],
    [700, -10],
  ])('finds an echo after %i ms of %i dB, and takes it for nobody', (delayMs, gainDb) => {
    const { verdicts: all, detector } = verdicts(own, echoOf(own, delayMs, gainDb));
    expect(Math.abs(detector.delayMs! - delayMs)).toBeLessThanOrEqual(20);
    expect(share(all.slice(150), 'somebody')).toBeLessThan(0.01);
    expect(share(all.slice(150), 'echo')).toBeGreaterThan(0.98);
  });

  it('hears somebody who speaks over the echo', () => {
    const echo = echoOf(own, 180, -12);
    const from = 4 * RATE;
    const both = echo.map((sample, n) => (n >= from && n < from + 2 * RATE ? sample + other[n]! : sample));
    const { verdicts: all } = verdicts(own, both);
    expect(share(all.slice(400, 600), 'somebody')).toBeGreaterThan(0.5);
    expect(all.slice(400, 415)).toContain('somebody');
    expect(share(all.slice(150, 400), 'somebody')).toBeLessThan(0.01);
    expect(share(all.slice(640), 'somebody')).toBeLessThan(0.02);
  });

  it('does not go on believing in an echo where there is none', () => {
    const { verdicts: all, detector } = verdicts(own, other);
    expect(detector.delayMs).toBeUndefined();
    expect(share(all, 'echo')).toBeLessThan(0.1);
    expect(all.slice(200)).not.toContain('echo');
  });

  it('says nothing of echoes while the own voice rests', () => {
    const { verdicts: all } = verdicts(new Int16Array(own.length), other);
    expect(new Set(all)).toEqual(new Set(['silent']));
  });
});

describe('BandPowers', () => {
  it('finds a tone in its band, and little of it two bands away', () => {
    const bands = new BandPowers(RATE);
    const powers = new Float64Array(bandCentres.length);
    const tone = Int16Array.from({ length: RATE }, (_, n) => 10_000 * Math.sin((2 * Math.PI * 1_000 * n) / RATE));
    bands.measure(tone, 0, tone.length, powers);
    const band = bandCentres.indexOf(1_000);
    expect(10 * Math.log10(powers[band]! / 5e7)).toBeCloseTo(0, 0);
    for (const away of [band - 2, band + 2]) expect(10 * Math.log10(powers[away]! / powers[band]!)).toBeLessThan(-20);
  });
});
