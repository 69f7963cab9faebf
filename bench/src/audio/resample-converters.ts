import type { AudioFormat } from '@sluice/core';
import { AudioConverter } from '@sluice/core/kernels';

/** A resampler under test: chunks in, chunks out, then the tail. */
export interface Converter {
  process(input: Int16Array): Int16Array;
  flush(): Int16Array;
  close(): void;
}

export type ConverterFactory = (from: AudioFormat, to: AudioFormat) => Converter;

export const sluice: ConverterFactory = (from, to) => new AudioConverter(from, to);

/** The quality whose figures are those of soxr at HIGH. */
export const sluiceSharp: ConverterFactory = (from, to) => new AudioConverter(from, to, { quality: 'sharp' });

/** LiveKit's soxr at quality HIGH, or undefined where the native library does not load. */
export async function liveKit(): Promise<ConverterFactory | undefined> {
  try {
    const { AudioFrame, AudioResampler, AudioResamplerQuality } = await import('@livekit/rtc-node');
    return (from, to) => {
      const resampler = new AudioResampler(from.sampleRate, to.sampleRate, from.channels, AudioResamplerQuality.HIGH);
      return {
        process: (input) =>
          joined(resampler.push(new AudioFrame(input, from.sampleRate, from.channels, input.length / from.channels))),
        flush: () => joined(resampler.flush()),
        close: () => resampler.close(),
      };
    };
  } catch {
    return undefined;
  }
}

/** Lets go of LiveKit's library, which keeps the process alive. */
export async function releaseLiveKit(): Promise<void> {
  const { dispose } = await import('@livekit/rtc-node');
  await dispose();
}

function joined(frames: readonly { readonly data: Int16Array }[]): Int16Array {
  if (frames.length === 1) return frames[0]!.data;
  const output = new Int16Array(frames.reduce((sum, frame) => sum + frame.data.length, 0));
  let offset = 0;
  for (const { data } of frames) {
    output.set(data, offset);
    offset += data.length;
  }
  return output;
}
