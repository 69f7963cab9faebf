/** Above this magnitude a sum of several voices is bent towards full scale instead of cut, in sample units. */
const KNEE = 24_576;
const HEADROOM = 32_767 - KNEE;

/** Writes a sum of voices as 16-bit samples: one voice passes unchanged but clamped, several pass a soft limiter. */
export function limit(mix: Int32Array, length: number, voices: number, output: Int16Array, offset: number): void {
  for (let index = 0; index < length; index++) {
    const sum = mix[index]!;
    output[offset + index] = voices > 1 ? bend(sum) : Math.max(-32_768, Math.min(32_767, sum));
  }
}

function bend(sum: number): number {
  const magnitude = Math.abs(sum);
  if (magnitude <= KNEE) return sum;
  return Math.sign(sum) * Math.round(KNEE + HEADROOM * Math.tanh((magnitude - KNEE) / HEADROOM));
}
