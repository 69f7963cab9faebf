/** The first sample frame at or after `from` in which any channel exceeds `threshold` in magnitude; -1 if none does. */
export function findSound(samples: Int16Array, channels: number, threshold: number, from = 0): number {
  for (let index = from * channels; index < samples.length; index++) {
    const value = samples[index]!;
    if (value > threshold || value < -threshold) return Math.floor(index / channels);
  }
  return -1;
}

/**
 * The first sample frame at or after `from` where a silent stretch begins that is at least `shortest` sample frames
 * long or reaches the end; the length if there is none.
 */
export function findQuiet(
  samples: Int16Array,
  channels: number,
  threshold: number,
  from: number,
  shortest: number,
): number {
  const length = samples.length / channels;
  let start = from;
  for (let frame = from; frame < length; frame++) {
    let loud = false;
    for (let index = frame * channels; index < (frame + 1) * channels; index++) {
      const value = samples[index]!;
      if (value > threshold || value < -threshold) loud = true;
    }
    if (!loud) continue;
    if (frame - start >= shortest) return start;
    start = frame + 1;
  }
  return start;
}
