// The few forms of ASN.1 in DER that a certificate is made of (X.690).

/** A value with its tag and its length. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(length)]), ...content]);
}

export const sequence = (...content: readonly Uint8Array[]): Buffer => der(0x30, ...content);
export const set = (...content: readonly Uint8Array[]): Buffer => der(0x31, ...content);
/** A value inside of a numbered mark: `[3] EXPLICIT`. */
export const explicit = (number: number, content: Uint8Array): Buffer => der(0xa0 | number, content);
/** A value whose tag a number takes the place of: `[2] IMPLICIT`. */
export const implicit = (number: number, content: Uint8Array): Buffer => der(0x80 | number, content);
export const octets = (content: Uint8Array): Buffer => der(0x04, content);
export const text = (content: string): Buffer => der(0x0c, Buffer.from(content));
export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));

/** Whole bytes, of which `unused` bits at the end do not count. */
export const bits = (content: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);

/** A number that is not negative: its first bit is none of a sign. */
export function integer(bytes: Uint8Array): Buffer {
  return bytes[0]! < 0x80 ? der(0x02, bytes) : der(0x02, Buffer.from([0]), bytes);
}

/** `2.5.29.17`: the first two numbers in one byte, the others in groups of seven bits. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

/** Seconds of UTC; years below 2050 have two digits (RFC 5280). */
export function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2_050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function base128(number: number): number[] {
  const groups = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80);
  return groups;
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}
