import { RefusalError } from './refusal.ts';
import type { RoomProperties } from './room-properties.ts';

/**
 * Turns away who comes too early or too late.
 *
 * @param now Milliseconds since 1970.
 */
export function checkOpen({ opensAt, expiresAt }: RoomProperties, now: number): void {
  if (expiresAt !== undefined && now >= Date.parse(expiresAt))
    throw new RefusalError('room-expired', `the room ended at ${expiresAt}`);
  if (opensAt !== undefined && now < Date.parse(opensAt))
    throw new RefusalError('room-not-open', `the room opens at ${opensAt}`);
}
