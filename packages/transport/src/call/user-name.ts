import { invalidArgument } from '@sluice/core';
import { MAX_USER_NAME_BYTES } from '../room/protocol/protocol-fields.ts';

/** Throws for what is no name: at most 512 bytes of UTF-8 without control characters. */
export function checkUserName(userName: unknown): asserts userName is string {
  const fits = typeof userName === 'string' && Buffer.byteLength(userName) <= MAX_USER_NAME_BYTES;
  if (!fits || /[\p{Cc}\p{Cs}]/u.test(userName))
    throw invalidArgument('userName', `at most ${MAX_USER_NAME_BYTES} bytes without control characters`, userName);
}
