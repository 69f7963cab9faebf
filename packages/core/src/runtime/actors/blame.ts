import { isSluiceError, SluiceError, toError } from '../../errors.ts';
import type { Actor } from './actor.ts';

/** A fault as an error of ours that names the node; errors of ours stay as they are. */
export function blame(actor: Actor, reason: unknown): Error {
  if (isSluiceError(reason)) return reason;
  const error = toError(reason);
  // Of what has the name of what it is made of, once is enough.
  const who = actor.describe().replace(`${actor.id} [${actor.id}]`, actor.id);
  return new SluiceError('SLUICE_NODE_FAILED', `${who} failed: ${error.message}`, {
    nodeId: actor.id,
    cause: error,
  });
}
