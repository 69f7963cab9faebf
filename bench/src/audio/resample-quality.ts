import type { AudioFormat } from '@sluice/core';
import { fromDbfs, measureTone, rms, toDbfs } from '@sluice/core/testing';
import type { ConverterFactory } from './resample-converters.ts';

export interface ResampleQualityFigures {
  /** Of a 1 kHz tone near full scale, in dB. */
  readonly snr: number;
  /** At 0.9 of the lower Nyquist frequency, in dB. */
  readonly gain: number;
  /** The loudest of what tones over the whole band leave beside themselves, in dB of the tone. */
  readonly alias: number;
  /** How far the output stays behind the input while it runs, in milliseconds. */
  readonly delayMs: number;
}

const amplitude = 32_000;

/** Measures a mono converter with tones of half a second, the ends cut off. */
export function resampleQuality(create: ConverterFactory, from: AudioFormat, to: AudioFormat): ResampleQualityFigures {
  const nyquist = Math.min(from.sampleRate, to.sampleRate) / 2;
  const through = (frequency: number) => {
    const output = convert(create, from, to, tone(frequency, from.sampleRate, from.sampleRate / 2));
    return output.subarray(Math.floor(output.length * 0.1), Math.floor(output.length * 0.9));
  };
  const measure = (frequency: number) => measureTone(through(frequency), to.sampleRate, frequency, { searchHz: 0 });
  const level = toDbfs(amplitude);
  let alias = Number.NEGATIVE_INFINITY;
  for (let ratio = 0.05; ratio * nyquist < from.sampleRate / 2; ratio += ratio > 0.85 && ratio < 1.15 ? 0.01 : 0.07) {
    const frequency = ratio * nyquist;
    if (Math.abs(ratio - 1) < 0.003) continue;
    alias = Math.max(alias, ratio < 1 ? beside(measure(frequency), level) : left(through(frequency), level));
  }
  return {
    snr: measure(1000).snr,
    gain: measure(0.9 * nyquist).amplitude - level,
    alias,
    delayMs: delay(create, from, to),
  };
}

/** Power beside the tone, in dB of the tone that went in. */
function beside(
  { amplitude: found, snr }: { readonly amplitude: number; readonly snr: number },
  level: number,
): number {
  return found - level - snr;
}

/** Power left of a tone that has no place in the output, in dB of it. */
function left(samples: Int16Array, level: number): number {
  return toDbfs(Math.max(rms(samples) * Math.SQRT2, fromDbfs(-140))) - level;
}

/** Samples per channel missing after `seconds` of audio. */
export function samplesLost(create: ConverterFactory, from: AudioFormat, to: AudioFormat, seconds: number): number {
  const converter = create(from, to);
  const second = tone(1000, from.sampleRate, from.sampleRate);
  let total = 0;
  for (let i = 0; i < seconds; i++) total += converter.process(second).length;
  total += converter.flush().length;
  converter.close();
  return seconds * to.sampleRate - total;
}

function delay(create: ConverterFactory, from: AudioFormat, to: AudioFormat): number {
  const converter = create(from, to);
  const chunk = new Int16Array(Math.round(from.sampleRate / 1000));
  let received = 0;
  let emitted = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let ms = 0; ms < 500; ms++) {
    received += chunk.length;
    emitted += converter.process(chunk).length;
    if (emitted > 0) least = Math.min(least, (received / from.sampleRate - emitted / to.sampleRate) * 1000);
  }
  converter.close();
  return least;
}

function convert(create: ConverterFactory, from: AudioFormat, to: AudioFormat, input: Int16Array): Int16Array {
  const converter = create(from, to);
  const step = from.sampleRate / 50;
  const chunks: Int16Array[] = [];
  for (let start = 0; start < input.length; start += step)
    chunks.push(converter.process(input.slice(start, start + step)));
  chunks.push(converter.flush());
  converter.close();
  return Int16Array.from(chunks.flatMap((chunk) => [...chunk]));
}

function tone(frequency: number, sampleRate: number, length: number): Int16Array {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  return Int16Array.from({ length }, (_, i) => Math.round(amplitude * Math.sin(omega * i)));
}
