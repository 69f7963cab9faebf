/** The 256 values of A-law (ITU-T G.711) as 16-bit samples. */
export const aLaw = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  let magnitude = ((bits & 0x0f) << 4) + 8;
  if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
});

/** The 256 values of mu-law (ITU-T G.711) as 16-bit samples. */
export const muLaw = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
});

const laws = { mu: muLaw, a: aLaw };
const codes: { mu?: Uint8Array; a?: Uint8Array } = {};

/** Samples of 16 bits from codes of G.711. */
export function decodeG711(bytes: Uint8Array, law: 'mu' | 'a'): Int16Array {
  const values = laws[law];
  return Int16Array.from(bytes, (code) => values[code]!);
}

/** Codes of G.711 for samples of 16 bits: of each the nearest value, the louder of two that are as near. */
export function encodeG711(samples: Int16Array, law: 'mu' | 'a'): Uint8Array {
  codes[law] ??= codesOf(laws[law]);
  const table = codes[law];
  return Uint8Array.from(samples, (sample) => table[sample + 32_768]!);
}

/** The code of each of the 65,536 samples. */
function codesOf(values: Int16Array): Uint8Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const table = new Uint8Array(65_536);
  let at = 0;
  for (let sample = -32_768; sample < 32_768; sample++) {
    const distance = (index: number) => Math.abs(values[order[index]!]! - sample);
    while (
      at + 1 < order.length &&
      (distance(at + 1) < distance(at) || (sample >= 0 && distance(at + 1) === distance(at)))
    )
      at++;
    table[sample + 32_768] = order[at]!;
  }
  return table;
}
