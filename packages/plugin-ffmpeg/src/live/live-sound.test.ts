import type { AudioFrame } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { LiveEdge } from './live-edge.ts';
import { LiveSound } from './live-sound.ts';

const format = { sampleRate: 8_000, channels: 2 };

function cut(pieces: readonly (readonly [timeMs: number, samples: number])[]) {
  const frames: AudioFrame[] = [];
  const sound = new LiveSound(format, (frame) => frames.push(frame));
  let next = 0;
  for (const [timeMs, samples] of pieces)
    sound.push(timeMs, new Uint8Array(Int16Array.from({ length: 2 * samples }, () => next++).buffer));
  sound.flush();
  const all = frames.flatMap(({ samples }) => [...samples]);
  expect(all).toEqual(all.map((_, at) => at));
  return frames.map(({ timestamp, length, gap }) => [timestamp / 1_000, length, gap && gap.duration / 1_000]);
}

describe('LiveSound', () => {
  it('cuts pieces of any length into frames of 20 ms, whatever times are rounded to', () => {
    expect(
      cut([
        [1_000, 100],
        [1_013, 100],
        [1_025, 200],
      ]),
    ).toEqual([
      [1_000, 160, undefined],
      [1_020, 160, undefined],
      [1_040, 80, undefined],
    ]);
  });

  it('tells of time that the stream leaves out, and gives first what was before it', () => {
    expect(
      cut([
        [0, 200],
        [25, 8],
        [526, 160],
      ]),
    ).toEqual([
      [0, 160, undefined],
      [20, 48, undefined],
      [526, 160, 500],
    ]);
  });

  it('drops samples that are more than their time, and all of a stream that began anew', () => {
    const frames: AudioFrame[] = [];
    const sound = new LiveSound({ sampleRate: 8_000, channels: 1 }, (frame) => frames.push(frame));
    const piece = (from: number) => new Uint8Array(Int16Array.from({ length: 800 }, (_, at) => from + at).buffer);
    sound.push(5_000, piece(0));
    // 50 ms too early: as many of its samples are left out.
    sound.push(5_050, piece(800));
    sound.push(0, piece(9_000));
    sound.flush();
    const heard = frames.flatMap(({ samples }) => [...samples]);
    expect(heard).toEqual([...Array(800).keys(), ...Array.from({ length: 400 }, (_, at) => 1_200 + at)]);
  });
});

describe('LiveEdge', () => {
  it('is reached when media has come in its own time for a while', () => {
    const edge = new LiveEdge();
    // Three seconds in 40 ms, then a piece each 20 ms.
    for (let at = 0; at < 150; at++) expect(edge.reached(20 * at, 1_000 + at / 4)).toBe(false);
    const live = Array.from({ length: 10 }, (_, at) => edge.reached(3_000 + 20 * at, 1_040 + 20 * at));
    expect(live).toEqual([...Array(5).fill(false), ...Array(5).fill(true)]);
    expect(edge.reached(0, 2_000)).toBe(true);
  });
});
