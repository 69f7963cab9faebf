import { AudioFrame, micros } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { SentAudio } from './sent-audio.ts';

/** Sound at 1 kHz whose samples count from 0 on. */
function frame(first: number, length: number, atMs: number): AudioFrame {
  const samples = Int16Array.from({ length }, (_, index) => first + index);
  return new AudioFrame({ samples, sampleRate: 1_000, channels: 1, timestamp: micros(atMs * 1_000) });
}
const taken = (audio: SentAudio) => {
  const all: number[] = [];
  for (let piece = audio.take(1, 7); piece !== undefined; piece = audio.take(1, 7)) all.push(...piece);
  return all;
};
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('SentAudio', () => {
  it('gives every sample once, in pieces of the size that is asked', () => {
    const audio = new SentAudio(1_000, 60_000);
    audio.push(frame(0, 10, 0));
    expect(audio.take(20, 100)).toBeUndefined();
    audio.push(frame(10, 15, 10));
    expect([...(audio.take(20, 22) ?? [])]).toEqual(range(0, 22));
    expect(audio.take(20, 22)).toBeUndefined();
    expect(taken(audio)).toEqual(range(22, 25));
    expect(audio.take(0, 10)).toBeUndefined();
  });

  it('knows the media time of every second, on both sides of a gap, and whatever rounding the frames had', () => {
    const audio = new SentAudio(1_000, 60_000);
    audio.push(frame(0, 100, 5_000));
    audio.push(frame(100, 100, 5_101));
    audio.push(frame(200, 100, 9_000));
    expect(audio.timeOf(0.15, 'start')).toBe(5_150_000);
    expect(audio.timeOf(0.2, 'end')).toBe(5_200_000);
    expect(audio.timeOf(0.2, 'start')).toBe(9_000_000);
    expect(audio.timeOf(0.3, 'end')).toBe(9_100_000);
    expect(audio.timeOf(7, 'end')).toBe(9_100_000);
    expect(audio.seconds).toBe(0.3);
  });

  it('sends again what was not answered, and counts its seconds from there', () => {
    const audio = new SentAudio(1_000, 60_000);
    audio.push(frame(0, 100, 0));
    taken(audio);
    audio.answered(0.04);
    audio.push(frame(100, 50, 200));
    audio.restart();
    expect(taken(audio)).toEqual(range(40, 150));
    expect(audio.timeOf(0, 'start')).toBe(40_000);
    expect(audio.timeOf(0.06, 'start')).toBe(200_000);
    audio.answered(0.11);
    expect(audio.unanswered).toBe(false);
    audio.restart();
    expect(taken(audio)).toEqual([]);
  });

  it('keeps as much as it was told to, and no frame more', () => {
    const audio = new SentAudio(1_000, 100);
    for (let at = 0; at < 1_000; at += 50) audio.push(frame(at, 50, at));
    audio.restart();
    expect(taken(audio)).toEqual(range(850, 1_000));
    expect(audio.timeOf(0.05, 'end')).toBe(900_000);
  });
});
