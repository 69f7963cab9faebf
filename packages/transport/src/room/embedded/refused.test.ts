import { refusals } from '@sluice/protocol';
import { describe, expect, it } from 'vitest';
import { transportErrorCodes } from '../../errors.ts';
import { isFinal, refused } from './refused.ts';

describe('a refusal', () => {
  it.each([
    ['room-unknown', 'SLUICE_ROOM_UNKNOWN'],
    ['room-not-open', 'SLUICE_ROOM_NOT_OPEN'],
    ['room-expired', 'SLUICE_ROOM_EXPIRED'],
    ['room-full', 'SLUICE_ROOM_FULL'],
    ['token-required', 'SLUICE_ROOM_TOKEN'],
    ['token-invalid', 'SLUICE_ROOM_TOKEN'],
    ['token-expired', 'SLUICE_ROOM_TOKEN'],
    ['lease-not-allowed', 'SLUICE_ROOM_TOKEN'],
    ['not-admitted', 'SLUICE_JOIN_NOT_ADMITTED'],
    ['removed', 'SLUICE_ROOM_REMOVED'],
    ['busy', 'SLUICE_JOIN_REFUSED'],
    ['version', 'SLUICE_ROOM_VERSION'],
    ['illegal-order', 'SLUICE_ROOM_PROTOCOL'],
  ] as const)('%s is %s', (code, expected) => {
    const error = refused(code, 'for its reason');
    expect(error.code).toBe(expected);
    expect(error.message).toMatch(new RegExp(`^the room server refused: for its reason.*"${code}"`));
  });

  it.each(refusals)('%s has a code', (code) => {
    expect(transportErrorCodes).toContain(refused(code, '').code);
  });

  it('says what to do where something can be done', () => {
    expect(refused('token-required', 'private').message).toContain('join(url, { token })');
    expect(refused('busy', 'too many').message).toContain('join again');
  });

  it('says itself why a call is over where that has a reason of its own', () => {
    expect(refusals.filter(isFinal)).toEqual(['room-expired', 'token-expired', 'removed']);
  });
});
