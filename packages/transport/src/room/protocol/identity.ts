import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits in base64url. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** 128 random bits, written as a UUID. */
export function createId(): string {
  return asUuid(randomBytes(16));
}

/**
 * The participant id that belongs to an identity secret. Only its owner can ask for it, also from a server that was
 * restarted and remembers nobody.
 */
export function idOfIdentity(secret: string): string {
  return asUuid(createHash('sha256').update('sluice-participant:').update(secret).digest());
}

export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function asUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex', 0, 16);
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
