import { SluiceError } from '../../errors.ts';
import type { InPort } from '../ports/ports.ts';

export function receiverEnded({ id, actor }: InPort): SluiceError {
  return new SluiceError('SLUICE_LINK_INVALID', `nothing can be linked to ${id} any more`, {
    expected: 'a node that runs',
    received: `one that has ${actor.state === 'ended' ? 'ended' : actor.state}`,
    fix: 'Add the node anew in the same change; keep one that must wait for more alive with a link to it',
    nodeId: actor.id,
  });
}

export function receiverLeaves({ id, actor }: InPort): SluiceError {
  return new SluiceError('SLUICE_LINK_INVALID', `nothing can be linked to ${id} any more`, {
    expected: 'a node that stays',
    received: 'one that the same change removes',
    fix: 'Add the node anew in the same change',
    nodeId: actor.id,
  });
}

export function inputTaken({ id, actor }: InPort, options: InPort['options']): SluiceError {
  return new SluiceError('SLUICE_LINK_INVALID', `${id} is there already, with options of its own`, {
    expected: 'another name, or no options for one more link to the same input',
    received: options,
    fix: 'To replace it, unlink it or remove its source in the same change',
    nodeId: actor.id,
  });
}
