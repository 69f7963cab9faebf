import { type AudioFormat, defaultChannelMask } from '@sluice/core';

/** The largest file whose sizes fit into RIFF's 32-bit fields. */
export const largestRiff = 0xffff_ffff;

/** Bytes before the audio: mono and stereo need the plain format chunk, anything else the extensible one. */
export function wavHeaderLength(format: AudioFormat): number {
  return isExtensible(format) ? 104 : 80;
}

function isExtensible({ channels, channelMask = defaultChannelMask(channels) }: AudioFormat): boolean {
  return channels > 2 || channelMask !== defaultChannelMask(channels);
}

/**
 * The header of a file of 16-bit PCM with `dataBytes` of audio. Its length depends on the format only, so that it can
 * be written again as the audio grows: a `JUNK` chunk keeps the place where beyond `limit` bytes RF64 puts its sizes.
 */
export function wavHeader(format: AudioFormat, dataBytes: number, limit = largestRiff): Uint8Array {
  const bytes = new Uint8Array(wavHeaderLength(format));
  const view = new DataView(bytes.buffer);
  const riffBytes = bytes.length - 8 + dataBytes;
  const large = riffBytes > limit;
  putText(bytes, 0, large ? 'RF64' : 'RIFF');
  view.setUint32(4, large ? 0xffff_ffff : riffBytes, true);
  putText(bytes, 8, 'WAVE');
  putText(bytes, 12, large ? 'ds64' : 'JUNK');
  view.setUint32(16, 28, true);
  if (large) {
    putUint64(view, 20, riffBytes);
    putUint64(view, 28, dataBytes);
    putUint64(view, 36, dataBytes / (2 * format.channels));
  }
  putFormat(bytes, view, format);
  putText(bytes, bytes.length - 8, 'data');
  view.setUint32(bytes.length - 4, large ? 0xffff_ffff : dataBytes, true);
  return bytes;
}

function putFormat(bytes: Uint8Array, view: DataView, format: AudioFormat): void {
  const { sampleRate, channels, channelMask = defaultChannelMask(channels) } = format;
  const extensible = isExtensible(format);
  putText(bytes, 48, 'fmt ');
  view.setUint32(52, extensible ? 40 : 16, true);
  view.setUint16(56, extensible ? 0xfffe : 1, true);
  view.setUint16(58, channels, true);
  view.setUint32(60, sampleRate, true);
  view.setUint32(64, sampleRate * channels * 2, true);
  view.setUint16(68, channels * 2, true);
  view.setUint16(70, 16, true);
  if (!extensible) return;
  view.setUint16(72, 22, true);
  view.setUint16(74, 16, true);
  // Others read 0 as a layout of their own, not as that of remix: 3 channels as 2.1, 4 as 4.0.
  view.setUint32(76, channelMask ?? 0, true);
  bytes.set([1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71], 80);
}

function putText(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

function putUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}
