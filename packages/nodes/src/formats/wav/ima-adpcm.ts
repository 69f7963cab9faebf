// biome-ignore format: the table of the standard, one number a line would be 89 lines
const stepSizes = Uint16Array.of(
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
  118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
  1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894,
  6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
  32767,
);
const indexSteps = Int8Array.of(-1, -1, -1, -1, 2, 4, 6, 8);

/**
 * Decodes one block of IMA ADPCM as it is stored in WAV files: a head of 4 bytes for each channel, then 4 bytes (8
 * samples) for each channel in turn. A block that was cut off gives the samples it has. Returns samples per channel.
 */
export function decodeImaBlock(bytes: Uint8Array, channels: number, out: Int16Array, at: number): number {
  const head = 4 * channels;
  if (bytes.length < head) return 0;
  const groups = Math.floor((bytes.length - head) / head);
  for (let channel = 0; channel < channels; channel++) {
    let predictor = ((bytes[4 * channel]! | (bytes[4 * channel + 1]! << 8)) << 16) >> 16;
    let index = Math.min(bytes[4 * channel + 2]!, 88);
    let write = at + channel;
    out[write] = predictor;
    for (let group = 0; group < groups; group++) {
      const start = head + group * head + 4 * channel;
      for (let nibble = 0; nibble < 8; nibble++) {
        const code = (bytes[start + (nibble >> 1)]! >> ((nibble & 1) * 4)) & 0x0f;
        const step = stepSizes[index]!;
        let change = step >> 3;
        if (code & 4) change += step;
        if (code & 2) change += step >> 1;
        if (code & 1) change += step >> 2;
        predictor += code & 8 ? -change : change;
        predictor = Math.max(Math.min(predictor, 32_767), -32_768);
        index = Math.min(Math.max(index + indexSteps[code & 7]!, 0), 88);
        write += channels;
        out[write] = predictor;
      }
    }
  }
  return groups * 8 + 1;
}
