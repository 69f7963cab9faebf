import { describe, expect, it } from 'vitest';
import { aLaw, decodeG711, encodeG711, muLaw } from './g711.ts';

describe('G.711', () => {
  it.each([
    ['mu', muLaw],
    ['a', aLaw],
  ] as const)('%s-law gives back each of its values', (law, values) => {
    expect(decodeG711(encodeG711(values, law), law)).toEqual(values);
  });

  it.each([['mu'], ['a']] as const)('%s-law is nearest to each sample, and 35 dB below a loud tone', (law) => {
    const tone = Int16Array.from({ length: 8_000 }, (_, i) => 12_000 * Math.sin(i / 3));
    const again = decodeG711(encodeG711(tone, law), law);
    let [signal, noise] = [0, 0];
    for (const [i, sample] of tone.entries()) {
      signal += sample ** 2;
      noise += (again[i]! - sample) ** 2;
    }
    expect(10 * Math.log10(signal / noise)).toBeGreaterThan(35);
  });

  it('has the codes of the standard for silence, the loudest and what is between', () => {
    expect([...encodeG711(Int16Array.of(0, 32_767, -32_768, 1_000), 'mu')]).toEqual([0xff, 0x80, 0x00, 0xce]);
    expect([...encodeG711(Int16Array.of(8, 32_767, -32_768), 'a')]).toEqual([0xd5, 0xaa, 0x2a]);
  });
});
