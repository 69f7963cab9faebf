const HEADER_BYTES = 44;

/**
 * The samples of a WAV file of flite's, 16-bit mono.
 *
 * @throws Error for another rate or form
 */
export function readWav(wav: Uint8Array, sampleRate: number): Int16Array {
  if (wav.length < HEADER_BYTES) throw new Error('flite wrote no sound');
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const [channels, rate, bits] = [view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)];
  if (channels !== 1 || rate !== sampleRate || bits !== 16)
    throw new Error(`flite wrote ${channels} channels of ${bits} bits at ${rate} Hz`);
  const samples = new Int16Array((wav.length - HEADER_BYTES) >> 1);
  for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(HEADER_BYTES + 2 * index, true);
  return samples;
}
