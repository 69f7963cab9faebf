// Rooms in virtual time

export type { SampleLine } from './room/sample-line.ts';
export type {
  EchoOptions,
  HearsOptions,
  NoiseOptions,
  PlacedSound,
  VirtualParticipant,
} from './room/virtual-participant.ts';
export type { NetworkConditions, VirtualPath } from './room/virtual-path.ts';
export { type RoomChange, type VirtualRoom, type VirtualRoomOptions, virtualRoom } from './room/virtual-room.ts';
