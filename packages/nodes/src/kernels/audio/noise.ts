/** A well-mixed 32-bit value for a seed and an index: the same on every machine, at any position, in any order. */
export function hash32(seed: number, index: number): number {
  let bits = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(index | 0, 0xc2b2_ae35);
  // Indexes beyond 32 bits (a day of 48 kHz) do not repeat.
  bits ^= Math.imul(Math.floor(index / 2 ** 32), 0x27d4_eb2f);
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb_352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846c_a68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Noise from -1 to 1, equally likely everywhere between. */
export function unitNoise(seed: number, index: number): number {
  return hash32(seed, index) / 2_147_483_647.5 - 1;
}
