import { samplesIn } from './wav-decoder.ts';
import type { WavHeader } from './wav-header.ts';

/** Samples per channel in so many bytes of audio, and how many the `fact` chunk counts if that cannot be. */
export function wavLength({ format, samples }: WavHeader, bytes: number): { length: number; doubted?: number } {
  const present = samplesIn(format, bytes);
  if (format.blockSamples === 1 || samples === undefined || samples >= present) return { length: present };
  // The last block is padded, perhaps by a whole one more; what ends earlier is no padding.
  return samples > present - 2 * format.blockSamples ? { length: samples } : { length: present, doubted: samples };
}
