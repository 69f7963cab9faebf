import { SluiceError } from '@sluice/core';
import type { RoomCapability } from '../../room/driver.ts';

const instead: Partial<Record<RoomCapability, string>> = {
  'live-streaming': 'Record the room, or join a client whose graph streams what it receives',
  sip: 'Join a gateway that speaks SIP as a participant of the room',
  pstn: 'Join a gateway to the telephone network as a participant of the room',
};

/** Throws where the room's driver does not declare what a method needs. */
export function requireCapability(name: string, capability: RoomCapability, has: readonly RoomCapability[]): void {
  if (!has.includes(capability)) throw lacksCapability(name, capability, has);
}

/** The error of a method that needs what a room's driver does not declare. */
export function lacksCapability(name: string, capability: RoomCapability, has: readonly RoomCapability[]): SluiceError {
  return new SluiceError('SLUICE_CALL_CAPABILITY', `${name} needs a room with the capability ${capability}`, {
    expected: capability,
    received: has.length === 0 ? 'a room driver without capabilities' : has.join(', '),
    fix: instead[capability] ?? 'Join a room whose driver declares it',
  });
}
