import { invalidArgument } from '@sluice/core';
import { limits } from '@sluice/protocol';

/** Throws for what is no name: at most 512 bytes of UTF-8 without control characters. */
export function checkUserName(userName: unknown): asserts userName is string {
  const fits = typeof userName === 'string' && Buffer.byteLength(userName) <= limits.userNameBytes;
  if (!fits || /[\p{Cc}\p{Cs}]/u.test(userName))
    throw invalidArgument('userName', `at most ${limits.userNameBytes} bytes without control characters`, userName);
}
