/** The power of each of `size / 2` bands of a piece of sound, through a Hann window. `size` is a power of two. */
export function spectrumOf(samples: Int16Array, from: number, size: number): Float64Array {
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size);
    real[reversed(at, size)] = ((samples[from + at] ?? 0) / 32_768) * window;
  }
  transform(real, imaginary);
  const scale = (4 / size) ** 2;
  return Float64Array.from({ length: size / 2 }, (_, band) => (real[band]! ** 2 + imaginary[band]! ** 2) * scale);
}

function reversed(index: number, size: number): number {
  let result = 0;
  for (let bit = 1, left = index; bit < size; bit *= 2, left >>= 1) result = result * 2 + (left & 1);
  return result;
}

/** In place, of what lies in the order of reversed bits (Cooley and Tukey). */
function transform(real: Float64Array, imaginary: Float64Array): void {
  for (let half = 1; half < real.length; half *= 2) {
    for (let turn = 0; turn < half; turn++) {
      const cosine = Math.cos((Math.PI * turn) / half);
      const sine = -Math.sin((Math.PI * turn) / half);
      for (let a = turn; a < real.length; a += 2 * half) {
        const b = a + half;
        const x = real[b]! * cosine - imaginary[b]! * sine;
        const y = real[b]! * sine + imaginary[b]! * cosine;
        real[b] = real[a]! - x;
        imaginary[b] = imaginary[a]! - y;
        real[a] = real[a]! + x;
        imaginary[a] = imaginary[a]! + y;
      }
    }
  }
}
