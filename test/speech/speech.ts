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
  return sayAll([text], voice)[0]!;
}

/** Several sentences, for which flite is started once. */
export function sayAll(texts: readonly string[], voice: Voice = 'slt'): Int16Array[] {
  const key = (text: string) => `${voice} ${text}`;
  const fresh = [...new Set(texts)].filter((text) => !spoken.has(key(text)));
  for (const [index, samples] of synthesize(fresh, voice).entries()) spoken.set(key(fresh[index]!), padded(samples));
  return texts.map((text) => spoken.get(key(text))!);
}

function synthesize(texts: readonly string[], voice: Voice): Int16Array[] {
  if (texts.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'sluice-speech-'));
  const pathOf = (index: number) => join(folder, `${index}.wav`);
  try {
    if (voice === 'slt') execFileSync(process.execPath, ['--no-warnings', cli, folder, ...texts]);
    else
      for (const [index, text] of texts.entries())
        execFileSync('espeak-ng', ['-v', 'en-us+f2', '-w', pathOf(index), text]);
    return texts.map((_, index) => samplesOf(pathOf(index)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Both write the plain header of 44 bytes. */
function samplesOf(path: string): Int16Array {
  const bytes = readFileSync(path);
  const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + (bytes.length & ~1)));
  return resampled(samples, bytes.readUInt32LE(24), RATE);
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
