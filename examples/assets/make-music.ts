import { audioFrame, micros } from '@sluice/core';
import { fromFrames, toWavFile } from '@sluice/nodes';

// Two bars at 96 beats a minute, 5 s exactly. What rings on at the end rings at the start, so that it loops.
const sampleRate = 44_100;
const beat = (60 / 96) * sampleRate;
const length = 8 * beat;
const left = new Float64Array(length);
const right = new Float64Array(length);

/** MIDI notes of one chord for each half bar. */
const chords = [
  [45, 57, 60, 64, 69],
  [41, 57, 60, 65, 69],
  [48, 55, 60, 64, 67],
  [43, 55, 59, 62, 67],
];

/** Adds a decaying tone with a few overtones; `pan` is 0 for left and 1 for right. */
function pluck(note: number, at: number, seconds: number, gain: number, pan: number): void {
  const frequency = 440 * 2 ** ((note - 69) / 12);
  const samples = Math.round(seconds * sampleRate);
  for (let i = 0; i < samples; i++) {
    const time = i / sampleRate;
    const envelope = Math.min(time / 0.004, 1) * Math.exp((-5 * time) / seconds) * (1 - i / samples);
    let value = 0;
    for (let overtone = 1; overtone <= 5; overtone++)
      value += Math.sin(2 * Math.PI * frequency * overtone * time) / overtone ** 2;
    const index = (Math.round(at) + i) % length;
    left[index]! += value * envelope * gain * Math.cos((pan * Math.PI) / 2);
    right[index]! += value * envelope * gain * Math.sin((pan * Math.PI) / 2);
  }
}

for (const [index, [bass, ...notes]] of chords.entries()) {
  const start = index * 2 * beat;
  pluck(bass!, start, 1.6, 0.3, 0.5);
  pluck(bass!, start + 1.5 * beat, 0.6, 0.2, 0.5);
  for (let step = 0; step < 8; step++) {
    const note = notes[[0, 1, 2, 3, 2, 1, 2, 1][step]!]! + 12;
    pluck(note, start + (step * beat) / 4, 0.9, 0.11, step % 2 === 0 ? 0.25 : 0.75);
  }
}

const samples = new Int16Array(2 * length);
for (let i = 0; i < length; i++) {
  samples[2 * i] = Math.round(Math.max(-1, Math.min(1, 2 * left[i]!)) * 32_767);
  samples[2 * i + 1] = Math.round(Math.max(-1, Math.min(1, 2 * right[i]!)) * 32_767);
}
const file = toWavFile(new URL('music.wav', import.meta.url));
fromFrames([audioFrame({ samples, sampleRate, channels: 2, timestamp: micros(0) })]).subscribe(file);
await file.finished;
