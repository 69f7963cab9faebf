import { probeSamples } from '@sluice/transport/testing';
import { expect, it } from 'vitest';
import { HeardProbe } from './real/heard-probe.ts';

const RATE = 16_000;
const SEED = 3;
const FRAME = RATE / 50;
/** After the time in which a jitter buffer settles. */
const FIRST = 123;
const FRAMES = 4;

/** Four seconds of a probe in which four frames are as `spoil` leaves them. */
function heard(spoil: (frames: Int16Array, before: Int16Array) => void): HeardProbe {
  const samples = probeSamples(200, { sampleRate: RATE, seed: SEED });
  const frame = (index: number) => index * FRAME;
  spoil(samples.subarray(frame(FIRST), frame(FIRST + FRAMES)), samples.subarray(frame(FIRST - 1), frame(FIRST)));
  const probe = new HeardProbe(SEED, RATE, 0);
  for (let index = 0; index < 200; index++) probe.push(samples.subarray(frame(index), frame(index + 1)), index * 20);
  return probe;
}

it('finds no gap where nothing is missing', () => {
  expect(heard(() => {}).gaps).toEqual([]);
});

it('takes frames that are silent or repeated for lost', () => {
  for (const spoil of [
    (frames: Int16Array) => void frames.fill(0),
    (frames: Int16Array, before: Int16Array) => {
      for (let at = 0; at < frames.length; at += FRAME) frames.set(before, at);
    },
  ])
    expect(heard(spoil).gaps).toMatchObject([{ missingMs: FRAMES * 20, planned: false, misread: false }]);
});

it('takes frames whose tones are there, beside a stronger one, for misread', () => {
  const { gaps } = heard((frames) => {
    // A tone of the lowest band that no frame of these has, louder than theirs.
    for (let at = 0; at < frames.length; at++)
      frames[at] = frames[at]! + 6_000 * Math.sin((2 * Math.PI * 1_300 * at) / RATE);
  });
  expect(gaps).toMatchObject([{ missingMs: FRAMES * 20, misread: true }]);
});

it('takes frames that are distorted, as they are louder and have some of their tones, for misread; as loud as ever for lost', () => {
  const mixed = (loudness: number) =>
    heard((frames) => {
      // Tones of two bands that say no index together with the third.
      for (let at = 0; at < frames.length; at++) {
        const [one, other] = [1_300, 3_400].map((hz) => Math.sin((2 * Math.PI * hz * at) / RATE));
        frames[at] = loudness * (0.3 * frames[at]! + 3_000 * (one! + other!));
      }
    }).gaps;
  expect(mixed(3)).toMatchObject([{ missingMs: FRAMES * 20, misread: true }]);
  expect(mixed(1)).toMatchObject([{ missingMs: FRAMES * 20, misread: false }]);
});

it('takes one frame that says to be a later one for misread, since the next ones go on where the sound was', () => {
  const later = probeSamples(200, { sampleRate: RATE, seed: SEED }).subarray(
    (FIRST + 11) * FRAME,
    (FIRST + 12) * FRAME,
  );
  const { gaps, facts } = heard((frames) => frames.set(later));
  expect(gaps).toMatchObject([{ missingMs: 220, planned: false, misread: true }]);
  expect(facts.blips).toBe(1);
});

it('takes frames that came too late to be in their place for lost', () => {
  const samples = probeSamples(200, { sampleRate: RATE, seed: SEED });
  const probe = new HeardProbe(SEED, RATE, 0);
  for (let index = 0; index < 200; index++) {
    if (index >= FIRST && index < FIRST + FRAMES) continue;
    probe.push(samples.subarray(index * FRAME, (index + 1) * FRAME), index * 20);
  }
  expect(probe.gaps).toMatchObject([{ missingMs: FRAMES * 20, misread: false }]);
});

it('is back with the first frame since a fault, not with the last one before it', () => {
  const samples = probeSamples(200, { sampleRate: RATE, seed: SEED });
  const probe = new HeardProbe(SEED, RATE, 0);
  const push = (first: number, last: number, lateMs: number) => {
    for (let index = first; index < last; index++)
      probe.push(samples.subarray(index * FRAME, (index + 1) * FRAME), index * 20 + lateMs);
  };
  push(0, 100, 0);
  const end = probe.begin();
  end(5_000);
  // What the frame 99 is tells the one after it.
  push(100, 101, 3_020);
  expect(probe.back).toBe(false);
  push(101, 110, 3_020);
  expect(probe.back).toBe(true);
  expect(probe.gaps).toMatchObject([{ planned: true }]);
});
