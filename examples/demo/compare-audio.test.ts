import { expect, it } from 'vitest';
import { readMono } from '../read-mono.ts';
import { asset } from '../room.ts';
import { compareAudio } from './compare-audio.ts';
import { faultsOf } from './verdict.ts';

const sampleRate = 16_000;
const said = await readMono(asset('greeting.wav'), sampleRate);
const late = 1_000;

/** What is heard a little later, quieter, and with something done to it. */
function heardWith(change: (recording: Int16Array) => Int16Array = (recording) => recording): Int16Array {
  const recording = new Int16Array(said.length + 2 * late);
  recording.set(
    said.map((sample) => 0.7 * sample),
    late,
  );
  return change(recording);
}

const faultsWith = (recording: Int16Array) => faultsOf(compareAudio(said, recording, sampleRate), recording);

it('finds the same sound, later and quieter, without a fault', () => {
  const recording = heardWith();
  const comparison = compareAudio(said, recording, sampleRate);
  expect(comparison).toMatchObject({ lag: late, stretchMs: 0, gaps: 0 });
  expect(comparison.correlation).toBeGreaterThan(0.999);
  expect(comparison.snrDb).toBeGreaterThan(60);
  expect(faultsOf(comparison, recording)).toEqual([]);
});

it('finds a hole', () => {
  const at = late + 2.3 * sampleRate;
  const recording = heardWith((samples) => samples.fill(0, at, at + 0.1 * sampleRate));
  expect(faultsWith(recording).join()).toMatch(/gaps, the longest (8|9|10)\d? ms/);
});

it('finds that a part is missing', () => {
  const at = late + 3 * sampleRate;
  const recording = heardWith((samples) =>
    Int16Array.of(...samples.subarray(0, at), ...samples.subarray(at + 0.15 * sampleRate)),
  );
  expect(faultsWith(recording).join()).toContain('length differs by -150 ms');
});

it('finds another sound, the beginning only, and nothing', () => {
  expect(faultsWith(heardWith((samples) => samples.reverse())).join()).toContain('correlates');
  expect(faultsWith(heardWith((samples) => samples.subarray(0, 3 * sampleRate))).join()).toContain('correlates');
  expect(faultsWith(new Int16Array(0))).toEqual(['nothing was heard']);
});

it('wants silence for silence', () => {
  const silence = new Int16Array(sampleRate);
  expect(faultsOf(compareAudio(silence, silence, sampleRate), silence)).toEqual([]);
  expect(faultsOf(compareAudio(silence, said, sampleRate), said)).toEqual(['silence was sent, a sound was heard']);
});
