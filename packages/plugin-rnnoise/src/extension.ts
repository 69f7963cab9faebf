/** What stands for the two blocks behind `real` samples: the same, back and forth, so that the noise goes on. */
export function extension(block: Int16Array, real: number, channels: number): Int16Array {
  const after = new Int16Array(2 * block.length);
  const length = real / channels;
  for (let index = 0; index < after.length / channels; index++) {
    const turn = (length + index) % (2 * length);
    const from = turn < length ? turn : 2 * length - 1 - turn;
    for (let channel = 0; channel < channels; channel++)
      after[index * channels + channel] = block[from * channels + channel]!;
  }
  return after;
}
