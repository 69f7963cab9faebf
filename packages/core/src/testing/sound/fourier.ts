/** The smallest power of two that is at least `length`. */
export function powerOfTwo(length: number): number {
  let size = 1;
  while (size < length) size *= 2;
  return size;
}

/**
 * The discrete Fourier transform, in place, of a complex signal whose length is a power of two. With `inverse` the
 * result is not divided by the length. Plain radix 2: the tests' need for speed is small.
 */
export function transform(real: Float64Array, imaginary: Float64Array, inverse = false): void {
  const size = real.length;
  reorder(real, imaginary);
  const direction = inverse ? 1 : -1;
  const cosines = new Float64Array(size / 2);
  const sines = new Float64Array(size / 2);
  for (let index = 0; index < size / 2; index++) {
    cosines[index] = Math.cos((2 * Math.PI * index) / size);
    sines[index] = direction * Math.sin((2 * Math.PI * index) / size);
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let step = 0; step < half; step++) {
        const even = start + step;
        const odd = even + half;
        const cosine = cosines[step * stride]!;
        const sine = sines[step * stride]!;
        const re = real[odd]! * cosine - imaginary[odd]! * sine;
        const im = real[odd]! * sine + imaginary[odd]! * cosine;
        real[odd] = real[even]! - re;
        imaginary[odd] = imaginary[even]! - im;
        real[even] = real[even]! + re;
        imaginary[even] = imaginary[even]! + im;
      }
    }
  }
}

function reorder(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  let mirrored = 0;
  for (let index = 1; index < size; index++) {
    let bit = size >> 1;
    for (; (mirrored & bit) !== 0; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (index >= mirrored) continue;
    [real[index], real[mirrored]] = [real[mirrored]!, real[index]!];
    [imaginary[index], imaginary[mirrored]] = [imaginary[mirrored]!, imaginary[index]!];
  }
}

/**
 * How well `received` fits `reference` at each shift: element `lag` (or `length + lag` for a negative lag) is the sum
 * of `reference[n] * received[n + lag]`. The length is a power of two.
 */
export function crossCorrelation(reference: ArrayLike<number>, received: ArrayLike<number>): Float64Array {
  const size = powerOfTwo(reference.length + received.length);
  const aRe = new Float64Array(size);
  const aIm = new Float64Array(size);
  const bRe = new Float64Array(size);
  const bIm = new Float64Array(size);
  aRe.set(reference);
  bRe.set(received);
  transform(aRe, aIm);
  transform(bRe, bIm);
  for (let index = 0; index < size; index++) {
    const re = aRe[index]! * bRe[index]! + aIm[index]! * bIm[index]!;
    const im = aRe[index]! * bIm[index]! - aIm[index]! * bRe[index]!;
    aRe[index] = re / size;
    aIm[index] = im / size;
  }
  transform(aRe, aIm, true);
  return aRe;
}
