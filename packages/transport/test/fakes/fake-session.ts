import { type Ask, defaultPermissions, type Grant } from '@sluice/protocol';
import type { CallDevices } from '../../src/call/call-devices.ts';
import { EventEmitter } from '../../src/event-emitter.ts';
import type { MediaHost } from '../../src/host/media-host.ts';
import type { RoomParticipant, RoomSession, RoomSessionEvents } from '../../src/room/driver.ts';

export const person = (id: string, more: Partial<RoomParticipant> = {}): RoomParticipant => ({
  id,
  userName: id,
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [{ name: 'microphone', enabled: true, ignoreLevel: false }],
  permissions: defaultPermissions,
  mutedRemotely: [],
  ...more,
});

/** A session that tells what the test wants, and answers what the test says. */
export class FakeSession implements RoomSession {
  readonly meetingId = 'meeting';
  local = person('me');
  readonly participants = new Map<string, RoomParticipant>();
  readonly events = new EventEmitter<RoomSessionEvents>((error) => {
    throw error;
  });
  readonly subscribed: string[] = [];
  readonly watched: string[] = [];
  readonly asked: Ask[] = [];
  readonly published: string[] = [];
  recordings: RoomSession['recordings'] = [];
  transcriptions: RoomSession['transcriptions'] = [];
  waiting: RoomSession['waiting'] = [];
  activeSpeaker: string | null = null;
  left = false;
  /** What the room answers. */
  answer: (ask: Ask) => Promise<Grant> = async () => ({});

  readonly room = {
    name: 'fake',
    expiresAt: null,
    recording: false,
    transcription: false,
    chat: false,
    ownerOnlyBroadcast: false,
  };

  setUserName = () => {};
  setUserData = () => {};
  ask = (ask: Ask) => {
    this.asked.push(ask);
    return this.answer(ask);
  };
  publish: RoomSession['publish'] = (name, { source }) => void this.published.push(`${name} ${source !== null}`);
  unpublish = () => {};
  subscribe = (id: string, name: string, state: string) => void this.subscribed.push(`${id} ${name} ${state}`);
  limitQuality = (id: string, name: string, quality: string) => void this.subscribed.push(`${id} ${name} ${quality}`);
  watch = (id: string, name: string, watched: boolean) => void this.watched.push(`${id} ${name} ${watched}`);
  trackListeners = () => 'alone' as const;
  trackState = () => 'loading' as const;
  iceChanged = () => {};
  stats = async () => [];
  on = <K extends keyof RoomSessionEvents>(event: K, listener: (data: RoomSessionEvents[K]) => void) =>
    this.events.on(event, listener);
  leave = async () => {
    this.left = true;
  };

  /** Somebody is here now, or is otherwise than before. */
  set(participant: RoomParticipant): void {
    const event = this.participants.has(participant.id) ? 'updated' : 'joined';
    this.participants.set(participant.id, participant);
    this.events.emit(event, participant);
  }

  /** We are otherwise than before. */
  setLocal(change: Partial<RoomParticipant>): void {
    this.local = { ...this.local, ...change };
    this.events.emit('updated', this.local);
  }
}

/** Devices without a microphone, a camera or an engine. */
export const noDevices = {
  host: { onDown: () => () => {}, onUp: () => () => {} } as unknown as MediaHost,
  microphones: [],
  cameras: [],
  inCall: () => () => {},
  speakers: { open: () => ({ push: () => {}, close: () => {} }) },
} as unknown as CallDevices;
