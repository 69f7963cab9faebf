import { randomBytes } from 'node:crypto';

/** The letters of a worker's own, and the dash before them. */
const OWN_LENGTH = 7;

/** A worker's name and six letters of its own: one of the same name that follows it is another. */
export function newWorkerId(name: string): string {
  return `${name}-${randomBytes(3).toString('hex')}`;
}

/** What ends the subjects of a worker: its name, which its credentials are good for, and its id. */
export function workerTokens(id: string): readonly [name: string, id: string] {
  return [id.slice(0, -OWN_LENGTH), id];
}
