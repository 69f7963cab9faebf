import { beforeEach, expect, test } from 'vitest';
import { PlayedLevel } from './played-level.ts';

const RATE = 16_000;
let position: { played: number; silence: number };
let level: PlayedLevel;
let written: number;
let closed: number;

beforeEach(() => {
  position = { played: 0, silence: 0 };
  written = 0;
  closed = 0;
  level = new PlayedLevel(
    { sampleRate: RATE, channels: 1 },
    () => position,
    () => closed++,
  );
});

const write = (seconds: number, height: number) => {
  const samples = new Int16Array(seconds * RATE).fill(height);
  written += samples.length;
  level.write(samples, written);
};

test('loudness is told when it is played, not when it is written', () => {
  write(0.1, 16_384);
  write(0.1, 0);
  expect(level.read()).toBe(0);
  position.played = 0.1 * RATE;
  expect(level.read()).toBe(0.5);
  position.played = 0.2 * RATE;
  expect(level.read()).toBe(0);
});

test('silence that was put in counts, what was dropped does not', () => {
  write(0.1, 16_384);
  expect(level.read()).toBe(0);
  position = { played: 0.1 * RATE, silence: 0.3 * RATE };
  expect(level.read()).toBe(0.25);
  write(1, 32_767);
  level.drop();
  // The device counts it as passed.
  position.played = 1.1 * RATE;
  write(0.1, 8_192);
  position.played = 1.2 * RATE;
  expect(level.read()).toBe(0.25);
});

test('a queue of a minute is kept in order, also when the ring has turned', () => {
  for (let piece = 0; piece < 7; piece++) write(0.105, 3_276.8 * (piece % 2));
  position.played = 0.3 * RATE;
  level.read();
  write(60, 16_384);
  position.played = written - 60 * RATE;
  level.read();
  position.played = written - 30 * RATE;
  expect(level.read()).toBe(0.5);
  position.played = written;
  expect(level.read()).toBe(0.5);
  level.close();
  expect(closed).toBe(1);
});

test('two channels are one level', () => {
  const stereo = new PlayedLevel(
    { sampleRate: RATE, channels: 2 },
    () => position,
    () => {},
  );
  stereo.write(
    Int16Array.from({ length: 640 }, (_, n) => (n % 2 === 0 ? 16_384 : 0)),
    320,
  );
  position.played = 320;
  expect(stereo.read()).toBeCloseTo(0.5 * Math.SQRT1_2, 6);
});
