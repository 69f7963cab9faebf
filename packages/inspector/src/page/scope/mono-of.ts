import type { MediaPacket } from '../../protocol/media-packet.ts';

/** The mean of a packet's channels, -1 to 1. */
export function monoOf({ payload, channels }: MediaPacket): Float32Array {
  const samples = new Int16Array(payload.buffer as ArrayBuffer, payload.byteOffset, payload.length / 2);
  const mono = new Float32Array(samples.length / channels);
  for (let index = 0; index < mono.length; index++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[index * channels + channel]!;
    mono[index] = sum / channels / 32_768;
  }
  return mono;
}
