import { invalidArgument, SluiceError } from '../errors.ts';
import type { ControlMessage } from '../operators/actor-context.ts';
import type { Actor } from './actors/actor.ts';
import { blame } from './actors/blame.ts';

/** Delivers a message between two frames. A handler that throws refuses it; the node goes on. */
export function sendControl(actor: Actor, message: ControlMessage): Promise<void> {
  if (typeof message?.type !== 'string')
    return Promise.reject(invalidArgument('message', 'an object with a type: { type: "set-gain", db: -6 }', message));
  return new Promise((resolve, reject) => {
    actor.exclusively(() => {
      try {
        if (actor.control(message)) {
          actor.taken.add(message.type, actor.now());
          return resolve();
        }
      } catch (error) {
        return reject(blame(actor, error));
      }
      reject(
        new SluiceError('SLUICE_NODE_CONTROL', `${actor.describe()} does not know the message ${message.type}`, {
          fix: actor.state === 'running' ? 'See the node’s page for its messages' : `It is ${actor.state}`,
          nodeId: actor.id,
        }),
      );
    });
  });
}
