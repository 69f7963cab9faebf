import { createSecretKey, type KeyObject } from 'node:crypto';
import { invalidArgument } from '@sluice/core';

/** HS256 wants a key as long as its hash (RFC 7518, 3.2). */
const LEAST_BYTES = 32;

/** What tokens are signed with: random bytes, or text whose UTF-8 bytes count. At least 32 bytes. */
export type TokenSecret = string | Uint8Array;

/** The secret as a key, which shows nothing of itself when it is logged. */
export function tokenKey(name: string, secret: TokenSecret): KeyObject {
  const bytes = typeof secret === 'string' ? Buffer.from(secret) : secret;
  if (!(bytes instanceof Uint8Array))
    throw invalidArgument(name, 'a text or bytes, at least 32 bytes long', typeof secret);
  if (bytes.byteLength < LEAST_BYTES)
    throw invalidArgument(name, `at least ${LEAST_BYTES} random bytes`, `${bytes.byteLength} bytes`);
  return createSecretKey(bytes);
}
