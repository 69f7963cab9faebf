// WAVE files: headers of all dialects, codecs, readers of files and of streams, a writer that survives a crash. No
// operator and no clock.

import { channelRange, SluiceError, sameChannelLayout, sampleRateRange, speakers } from '@sluice/core';

export const wavCodecs = ['pcm', 'float', 'a-law', 'mu-law', 'ima-adpcm', 'ms-adpcm'] as const;
export type WavCodec = (typeof wavCodecs)[number];

/** How the samples of a WAV file are stored. A block is the smallest stretch that can be decoded by itself. */
export interface WavFormat {
  readonly codec: WavCodec;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Which speakers they are for, where the file says so and they are not the usual ones. */
  readonly channelMask?: number | undefined;
  /** Bits of one stored sample, with its padding. */
  readonly bitsPerSample: number;
  /** Bytes of one block: one sample of each channel for PCM. */
  readonly blockBytes: number;
  /** Samples per channel in one block: 1 except for ADPCM. */
  readonly blockSamples: number;
  /** Pairs of predictor coefficients that an MS ADPCM file brings along. */
  readonly coefficients?: readonly (readonly [number, number])[];
}

const EXTENSIBLE = 0xfffe;
/** The end of every subformat identifier that stands for a 16-bit format tag. */
const SUBFORMAT_TAIL = '000000001000800000aa00389b71';

const codecs: Readonly<Record<number, WavCodec>> = {
  1: 'pcm',
  2: 'ms-adpcm',
  3: 'float',
  6: 'a-law',
  7: 'mu-law',
  17: 'ima-adpcm',
};

/** Codecs that are known by name and not decoded. */
const foreignCodecs: Readonly<Record<number, string>> = {
  22: 'G.723',
  49: 'GSM 6.10',
  64: 'G.721 ADPCM',
  69: 'G.726 ADPCM',
  80: 'MPEG',
  85: 'MP3',
  100: 'G.726 ADPCM',
  146: 'AC-3 over S/PDIF',
  255: 'AAC',
  353: 'Windows Media Audio 2',
  354: 'Windows Media Audio Pro',
  8192: 'AC-3',
  26447: 'Ogg Vorbis',
  28751: 'Opus',
  41225: 'Speex',
  61868: 'FLAC',
};

const bitDepths: Readonly<Record<WavCodec, readonly number[]>> = {
  pcm: [8, 16, 24, 32],
  float: [32, 64],
  'a-law': [8],
  'mu-law': [8],
  'ima-adpcm': [4],
  'ms-adpcm': [4],
};

/** Reads the body of a `fmt ` chunk. Throws `SLUICE_WAV_CODEC` or `SLUICE_WAV_FORMAT`. */
export function parseWavFormat(bytes: Uint8Array): WavFormat {
  if (bytes.length < 16) throw formatError('the format chunk is too short', 'at least 16 bytes', bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const codec = readCodec(view);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  if (channels < channelRange.min || channels > channelRange.max)
    throw formatError('the channel count cannot be read', `${channelRange.min} to ${channelRange.max}`, channels);
  if (sampleRate < sampleRateRange.min || sampleRate > sampleRateRange.max)
    throw formatError(
      'the sample rate cannot be read',
      `${sampleRateRange.min} to ${sampleRateRange.max} Hz`,
      sampleRate,
    );
  // 12 or 20 valid bits are stored in the upper bits of the next whole byte.
  const declaredBits = view.getUint16(14, true);
  const bitsPerSample = codec === 'pcm' ? Math.ceil(declaredBits / 8) * 8 : declaredBits;
  if (!bitDepths[codec].includes(bitsPerSample))
    throw formatError(`${codec} of this bit depth cannot be read`, `${bitDepths[codec].join(', ')} bits`, declaredBits);
  const base = { codec, sampleRate, channels, channelMask: readChannelMask(view, channels), bitsPerSample };
  if (codec === 'ima-adpcm') return imaFormat(base, blockAlign);
  if (codec === 'ms-adpcm') return msFormat(base, blockAlign, view);
  const blockBytes = (channels * bitsPerSample) / 8;
  // Writers that leave the field at 0 are common; any other lie means that one of the three numbers is wrong.
  if (blockAlign !== 0 && blockAlign !== blockBytes)
    throw formatError(
      'the block size contradicts the bit depth and the channel count',
      `${blockBytes} bytes for ${channels} channel(s) of ${bitsPerSample} bits`,
      blockAlign,
      // Samples of 24 bits in four bytes, at whichever end: arecord -f S24_LE says so, others do not.
      bitsPerSample === 24 && blockAlign === 4 * channels
        ? 'Record 24 bits packed or 32 bits: arecord -f S24_3LE or S32_LE'
        : undefined,
    );
  return { ...base, blockBytes, blockSamples: 1 };
}

function readCodec(view: DataView): WavCodec {
  const tag = view.getUint16(0, true);
  if (tag !== EXTENSIBLE) return knownCodec(tag);
  if (view.byteLength < 40)
    throw formatError('the extensible format chunk is too short', 'at least 40 bytes', view.byteLength);
  let tail = '';
  for (let i = 26; i < 40; i++) tail += view.getUint8(i).toString(16).padStart(2, '0');
  if (tail !== SUBFORMAT_TAIL) throw codecError(`with the subformat …${tail}`);
  return knownCodec(view.getUint16(24, true));
}

/** Bits beyond the channels count for nothing, and so does a mask with too few or for speakers without a name. */
function readChannelMask(view: DataView, channels: number): number | undefined {
  if (view.getUint16(0, true) !== EXTENSIBLE) return undefined;
  const stored = view.getUint32(20, true);
  let [mask, bits] = [0, 0];
  for (let bit = 0; bit < speakers.length && bits < channels; bit++) {
    if (((stored >>> bit) & 1) === 0) continue;
    mask |= 1 << bit;
    bits++;
  }
  const format = { sampleRate: 0, channels };
  return bits < channels || sameChannelLayout(format, { ...format, channelMask: mask }) ? undefined : mask;
}

function knownCodec(tag: number): WavCodec {
  const codec = codecs[tag];
  if (codec !== undefined) return codec;
  const hex = `0x${tag.toString(16).padStart(4, '0')}`;
  throw codecError(foreignCodecs[tag] === undefined ? hex : `${foreignCodecs[tag]} (${hex})`);
}

type Base = Pick<WavFormat, 'codec' | 'sampleRate' | 'channels' | 'channelMask' | 'bitsPerSample'>;

function imaFormat(base: Base, blockBytes: number): WavFormat {
  const body = blockBytes - 4 * base.channels;
  if (body <= 0 || body % (4 * base.channels) !== 0)
    throw formatError('the IMA ADPCM block size is not whole', `4 bytes a channel and a multiple of it`, blockBytes);
  return { ...base, blockBytes, blockSamples: (body * 2) / base.channels + 1 };
}

function msFormat(base: Base, blockBytes: number, view: DataView): WavFormat {
  const body = blockBytes - 7 * base.channels;
  if (base.channels > 2) throw formatError('MS ADPCM has at most two channels', '1 or 2', base.channels);
  if (body <= 0) throw formatError('the MS ADPCM block is too small', `over ${7 * base.channels} bytes`, blockBytes);
  const blockSamples = Math.floor((body * 2) / base.channels) + 2;
  const count = view.byteLength >= 22 ? view.getUint16(20, true) : 0;
  if (count === 0 || view.byteLength < 22 + count * 4) return { ...base, blockBytes, blockSamples };
  const coefficients = Array.from(
    { length: Math.min(count, 256) },
    (_, i) => [view.getInt16(22 + i * 4, true), view.getInt16(24 + i * 4, true)] as const,
  );
  return { ...base, blockBytes, blockSamples, coefficients };
}

function formatError(what: string, expected: string, received: unknown, fix?: string): SluiceError {
  return new SluiceError('SLUICE_WAV_FORMAT', what, { expected, received, ...(fix === undefined ? {} : { fix }) });
}

function codecError(name: string): SluiceError {
  return new SluiceError('SLUICE_WAV_CODEC', `the file is compressed: codec ${name}`, {
    expected: wavCodecs.join(', '),
    fix: 'Convert it to PCM first',
  });
}
