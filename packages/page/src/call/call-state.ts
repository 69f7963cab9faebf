import type { RoomInfo } from '@sluice/protocol';
import type { CallState, InputKind, InputView } from '../ui/call-view.ts';
import type { Equipment } from './equipment.ts';
import type { Journal } from './journal.ts';
import type { Network } from './network.ts';
import { participantView } from './participant-view.ts';
import type { Room } from './room.ts';
import { allowsInput } from './sending.ts';
import type { Services } from './services.ts';
import type { Sound } from './sound.ts';

export interface CallParts extends Pick<CallState, 'status' | 'why' | 'signalling' | 'activeSpeaker'> {
  /** Under which we joined, until the room says otherwise. */
  readonly name: string;
  readonly equipment: Equipment;
  readonly sound: Sound;
  readonly journal: Journal;
  readonly services: Services;
  readonly room: Room | undefined;
  readonly info: RoomInfo | undefined;
  readonly network: Network | undefined;
}

/** The call as the page shows it. */
export function callState(parts: CallParts): CallState {
  const { status, why, signalling, activeSpeaker, equipment, sound, journal, services, room, info, network } = parts;
  const permissions = room?.me.permissions;
  const admin = (kind: 'participants' | 'streaming' | 'transcription') => permissions?.canAdmin.includes(kind) === true;
  const input = (kind: InputKind): InputView => {
    const { on, track, fault } = equipment.media.get(kind);
    return { on, track, fault, allowed: allowsInput(permissions, kind) };
  };
  const others = [...(room?.peers ?? [])].filter((peer) => peer.info.permissions.hasPresence);
  return {
    status,
    why,
    signalling,
    me: {
      id: room?.me.id ?? '',
      name: room?.me.userName ?? parts.name,
      isOwner: room?.me.isOwner ?? false,
    },
    microphone: input('microphone'),
    camera: input('camera'),
    screen: input('screen'),
    devices: equipment.choices,
    others: others.map((peer) => participantView(peer, network, sound)),
    activeSpeaker,
    network: network?.worst ?? 'good',
    chat: journal.chat,
    captions: journal.captions,
    recording: services.recording,
    transcribing: services.transcribing,
    waiting: services.waiting.map(({ id, userName }) => ({ id, name: userName })),
    may: {
      control: admin('participants'),
      record: admin('streaming') && info?.recording === true,
      transcribe: admin('transcription') && info?.transcription === true,
      chat: info?.chat === true,
    },
    soundBlocked: sound.blocked,
  };
}
