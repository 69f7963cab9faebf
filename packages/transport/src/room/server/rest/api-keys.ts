import { createHash, timingSafeEqual } from 'node:crypto';
import { invalidArgument } from '@sluice/core';
import { SERVER_TENANT } from '../directory/room-list.ts';

/** Guessing one of so many bytes is hopeless without any further measure. */
const LEAST_BYTES = 32;
const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** A key for the REST API: at least 32 random characters, alone or with whose it is. */
export type ApiKey =
  | string
  | {
      /** What a request brings as its bearer. At least 32 characters. */
      readonly key: string;
      /** Rooms belong to a tenant, and its keys see those alone. Default: the server's own, `''`. */
      readonly tenant?: string;
    };

/** Who asks. */
export interface Caller {
  readonly tenant: string;
  /** Place of the key in the list. */
  readonly key: number;
}

export class ApiKeys {
  readonly #entries: readonly { readonly digest: Buffer; readonly tenant: string }[];

  /** @throws TypeError for a key of less than 32 characters, or two that are the same; the key is not told. */
  constructor(name: string, keys: readonly ApiKey[]) {
    this.#entries = keys.map((entry, n) => {
      const { key, tenant = SERVER_TENANT } = typeof entry === 'string' ? { key: entry } : entry;
      if (typeof key !== 'string' || key.length < LEAST_BYTES || !BEARER.test(`Bearer ${key}`))
        throw invalidArgument(
          `${name}[${n}]`,
          `${LEAST_BYTES} to 512 printable characters`,
          `${key?.length} characters`,
        );
      return { digest: digestOf(key), tenant };
    });
    if (new Set(this.#entries.map(({ digest }) => digest.toString('hex'))).size < keys.length)
      throw invalidArgument(name, 'keys that differ', `${keys.length} keys`);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Whose the key of an `Authorization` header is. Takes as long for a wrong key as for a right one. */
  callerOf(authorization: string | undefined): Caller | undefined {
    const digest = digestOf(BEARER.exec(authorization ?? '')?.[1] ?? '');
    let caller: Caller | undefined;
    this.#entries.forEach((entry, key) => {
      if (timingSafeEqual(entry.digest, digest)) caller = { tenant: entry.tenant, key };
    });
    return caller;
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
