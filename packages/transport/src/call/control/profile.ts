// What participants do to each other and to the room besides media: permissions, messages, who they are, what they may.
// Nothing that sends or receives media.

import { invalidArgument } from '@sluice/core';
import { asLine, limits } from '@sluice/protocol';
import { checkJson } from './check-json.ts';

/** What a client tells about itself, kept from call to call. */
export class Profile {
  #userName = '';
  #userData: unknown;

  get userName(): string {
    return this.#userName;
  }

  set userName(userName: string) {
    checkUserName(userName);
    this.#userName = userName;
  }

  /** A copy of what was given; undefined if nothing was. */
  get userData(): unknown {
    return this.#userData;
  }

  set userData(userData: unknown) {
    this.#userData = checkJson('userData', userData, limits.userDataBytes);
  }
}

/** Throws for what is no name: one line of at most 512 bytes of UTF-8, without what turns the direction of text. */
export function checkUserName(userName: unknown): asserts userName is string {
  const fits = typeof userName === 'string' && Buffer.byteLength(userName) <= limits.userNameBytes;
  if (!fits || asLine(userName) !== userName)
    throw invalidArgument('userName', `at most ${limits.userNameBytes} bytes without control characters`, userName);
}
