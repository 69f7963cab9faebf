import { SluiceError } from '@sluice/core';
import { isJanusCode } from '../wire/janus-errors.ts';

const WRONG_KIND = 430;

/**
 * What a server of a room over several refuses it with, which is thrown again: one whose participants are numbers is named, since an id
 * is to be the same on each.
 */
export function refusedBy({ host }: URL, room: string): (cause: unknown) => never {
  return (cause) => {
    if (!isJanusCode(cause, WRONG_KIND)) throw cause;
    throw new SluiceError('SLUICE_ROOM_URL', `the rooms of the Janus server at ${host} are numbers`, {
      expected: 'names for rooms and participants on each server of a room over several',
      received: room,
      fix: `Set string_ids = true in janus.plugin.videoroom.jcfg there, or take ${host} out of the meeting URL`,
      cause,
    });
  };
}
