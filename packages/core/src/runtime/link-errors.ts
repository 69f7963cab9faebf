import { SluiceError } from '../errors.ts';
import type { ActorInput } from './actors/actor.ts';

export function receiverEnded({ id, actor }: ActorInput): SluiceError {
  return new SluiceError('SLUICE_LINK_INVALID', `nothing can be linked to ${id} any more`, {
    expected: 'a node that runs',
    received: `one that has ${actor.state === 'ended' ? 'ended' : actor.state}`,
    fix: 'Add the node anew in the same change; keep one that must wait for more alive with a link to it',
    nodeId: actor.id,
  });
}

export function receiverLeaves({ id, actor }: ActorInput): SluiceError {
  return new SluiceError('SLUICE_LINK_INVALID', `nothing can be linked to ${id} any more`, {
    expected: 'a node that stays',
    received: 'one that the same change removes',
    fix: 'Add the node anew in the same change',
    nodeId: actor.id,
  });
}

export function inputTaken({ id, actor }: ActorInput, options: ActorInput['options']): SluiceError {
  return new SluiceError('SLUICE_LINK_INVALID', `${id} is there already, with options of its own`, {
    expected: 'another name, or no options for one more link to the same input',
    received: options,
    fix: 'To replace it, unlink it or remove its source in the same change',
    nodeId: actor.id,
  });
}
