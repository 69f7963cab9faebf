import { createHash } from 'node:crypto';
import { createId, createSecret } from '@sluice/protocol';

/** The tokens with which the services of a hub enter its rooms. Each is good for one room, until its service ended. */
export class ServiceEntries {
  /** By the hash of the token, so that the time of a look-up tells nothing about one. */
  readonly #entries = new Map<string, { readonly room: string; readonly service: string }>();

  open(room: string): { readonly token: string; readonly service: string; readonly close: () => void } {
    const token = createSecret();
    const service = createId();
    const hash = hashOf(token);
    this.#entries.set(hash, { room, service });
    return { token, service, close: () => void this.#entries.delete(hash) };
  }

  /** The service that this is the token of; undefined if it is none of this room. */
  serviceOf(token: string, room: string): string | undefined {
    const entry = this.#entries.get(hashOf(token));
    return entry?.room === room ? entry.service : undefined;
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
