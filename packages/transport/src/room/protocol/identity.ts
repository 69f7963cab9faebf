import { createHash, timingSafeEqual } from 'node:crypto';
import { idOfBytes } from '@sluice/protocol';

/**
 * The participant id that belongs to an identity secret. Only its owner can ask for it, also from a server that was
 * restarted and remembers nobody.
 */
export function idOfIdentity(secret: string): string {
  return idOfBytes(createHash('sha256').update('sluice-participant:').update(secret).digest());
}

export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
