import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AudioFrame, samplesToMicros } from '@sluice/core';
import { Resampler } from '@sluice/core/kernels';
import { seededRandom } from '@sluice/core/testing';

export const RATE = 16_000;
export const voices = ['slt', 'f2'] as const;
export type Voice = (typeof voices)[number];

const cli = fileURLToPath(new URL('./flite-cli.mjs', import.meta.url));
const spoken = new Map<string, Int16Array>();

/** A sentence at 16 kHz with 300 ms of faint noise before and after it, as a detector's pre-roll and hang-over leave. */
export function say(text: string, voice: Voice = 'slt'): Int16Array {
  const key = `${voice} ${text}`;
  const known = spoken.get(key) ?? padded(synthesize(text, voice));
  spoken.set(key, known);
  return known;
}

function synthesize(text: string, voice: Voice): Int16Array {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-speech-'));
  try {
    const path = join(folder, 'out.wav');
    if (voice === 'slt') execFileSync(process.execPath, ['--no-warnings', cli, text, folder, 'out.wav']);
    else execFileSync('espeak-ng', ['-v', 'en-us+f2', '-w', path, text]);
    const bytes = readFileSync(path);
    // Both write the plain header of 44 bytes.
    const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + (bytes.length & ~1)));
    return resampled(samples, bytes.readUInt32LE(24), RATE);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function padded(samples: Int16Array): Int16Array {
  const random = seededRandom(1);
  const pad = 0.3 * RATE;
  const out = Int16Array.from({ length: samples.length + 2 * pad }, () => Math.round((random() - 0.5) * 16));
  samples.forEach((sample, index) => {
    out[pad + index] = sample;
  });
  return out;
}

export function resampled(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  const resampler = new Resampler({ inputRate: from, outputRate: to, channels: 1 });
  return Int16Array.from([...resampler.process(samples), ...resampler.flush()]);
}

/** Through a telephone: 8 kHz and G.711 µ-law, there and back. */
export function throughTelephone(samples: Int16Array): Int16Array {
  return resampled(resampled(samples, RATE, 8_000).map(throughMuLaw), 8_000, RATE);
}

function throughMuLaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const step = (magnitude >> (exponent + 3)) & 15;
  return Math.sign(sample) * ((((step << 3) + 132) << exponent) - 132);
}

/** Frames of `ms` that follow each other, from `startUs` on. */
export function* frames(samples: Int16Array, ms = 20, startUs = 0): Generator<AudioFrame> {
  const size = (RATE * ms) / 1_000;
  for (let at = 0; at < samples.length; at += size) {
    const piece = samples.slice(at, at + size);
    const timestamp = (startUs + samplesToMicros(at, RATE)) as AudioFrame['timestamp'];
    yield new AudioFrame({ samples: piece, sampleRate: RATE, channels: 1, timestamp });
  }
}
