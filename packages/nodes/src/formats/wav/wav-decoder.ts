import { aLaw, muLaw } from '@sluice/core/kernels';
import { decodeImaBlock } from './ima-adpcm.ts';
import { decodeMsBlock } from './ms-adpcm.ts';
import {
  floatSamples,
  int16Samples,
  int24Samples,
  int32Samples,
  type SampleDecoder,
  tableSamples,
  uint8Samples,
} from './pcm-samples.ts';
import type { WavFormat } from './wav-format.ts';

/**
 * The decoder for a format: whole blocks in, interleaved 16-bit samples out, their count returned. Only the last block
 * may be shorter. `found` is told how many samples were NaN or infinite, and became silence.
 */
export function wavDecoder(format: WavFormat, found: (count: number) => void = () => {}): SampleDecoder {
  const { codec, bitsPerSample, channels } = format;
  switch (codec) {
    case 'pcm':
      if (bitsPerSample === 8) return uint8Samples;
      if (bitsPerSample === 16) return int16Samples;
      return bitsPerSample === 24 ? int24Samples : int32Samples;
    case 'float':
      return floatSamples(bitsPerSample === 32 ? 4 : 8, found);
    case 'a-law':
      return tableSamples(aLaw);
    case 'mu-law':
      return tableSamples(muLaw);
    case 'ima-adpcm':
      return blockwise(format, (block, out, at) => decodeImaBlock(block, channels, out, at));
    case 'ms-adpcm':
      return blockwise(format, (block, out, at) => decodeMsBlock(block, channels, out, at, format.coefficients));
  }
}

function blockwise(
  format: WavFormat,
  decode: (block: Uint8Array, out: Int16Array, at: number) => number,
): SampleDecoder {
  return (bytes, out) => {
    let written = 0;
    for (let at = 0; at < bytes.length; at += format.blockBytes)
      written += decode(bytes.subarray(at, at + format.blockBytes), out, written) * format.channels;
    return written;
  };
}

/** Samples per channel in so many bytes of audio; a last block may have been cut off. */
export function samplesIn({ codec, channels, blockBytes, blockSamples }: WavFormat, bytes: number): number {
  const blocks = Math.floor(bytes / blockBytes);
  const rest = bytes - blocks * blockBytes;
  const head = channels * (codec === 'ima-adpcm' ? 4 : 7);
  if (blockSamples === 1 || rest < head) return blocks * blockSamples;
  const cut =
    codec === 'ima-adpcm' ? Math.floor((rest - head) / head) * 8 + 1 : Math.floor(((rest - head) * 2) / channels) + 2;
  return blocks * blockSamples + cut;
}
