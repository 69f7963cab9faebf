import type { CallState, InputKind, InputView } from '../ui/call-view.ts';
import type { Equipment } from './equipment.ts';
import type { Meeting } from './meeting.ts';
import { participantView } from './participant-view.ts';
import { allowsInput } from './sending.ts';
import type { Sound } from './sound.ts';

export interface CallParts extends Pick<CallState, 'status' | 'why'> {
  /** Under which we joined, until the room says otherwise. */
  readonly name: string;
  readonly equipment: Equipment;
  readonly sound: Sound;
  readonly meeting: Meeting | undefined;
}

/** The call as the page shows it. */
export function callState({ status, why, name, equipment, sound, meeting }: CallParts): CallState {
  const { room, info, network, journal, services } = meeting ?? {};
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
    signalling: meeting?.connected ?? 'connected',
    me: {
      id: room?.me.id ?? '',
      name: room?.me.userName ?? name,
      isOwner: room?.me.isOwner ?? false,
    },
    microphone: input('microphone'),
    camera: input('camera'),
    screen: input('screen'),
    devices: equipment.choices,
    others: others.map((peer) => participantView(peer, network, sound)),
    activeSpeaker: meeting?.activeSpeaker ?? null,
    network: network?.worst ?? 'good',
    chat: journal?.chat ?? [],
    captions: journal?.captions ?? [],
    recording: services?.recording ?? false,
    transcribing: services?.transcribing ?? false,
    waiting: (services?.waiting ?? []).map(({ id, userName }) => ({ id, name: userName })),
    may: {
      control: admin('participants'),
      record: admin('streaming') && info?.recording === true,
      transcribe: admin('transcription') && info?.transcription === true,
      chat: info?.chat === true,
    },
    soundBlocked: sound.blocked,
  };
}
