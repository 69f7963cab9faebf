import type { Clock } from '@sluice/core';
import type { PeerBody, RoomParticipantInfo } from '@sluice/protocol';
import type { HostPicture, IceSettings, MediaHost } from '../../host/media-host.ts';
import type { LocalTrack } from '../driver.ts';
import type { CandidateFilter } from '../media-path.ts';
import type { RelayFaults } from './relay-faults.ts';

/** The peer that something is of. */
interface OfPeer {
  readonly info: RoomParticipantInfo;
}

/** What a peer needs of the session it belongs to. */
export interface PeerContext<P extends OfPeer> {
  readonly localId: string;
  readonly media: MediaHost;
  readonly clock: Clock;
  readonly candidates: 'loopback' | 'all';
  readonly ice: () => IceSettings;
  /** This side, as the room knows it. */
  readonly local: () => RoomParticipantInfo;
  /** What we offer and may send, by name. */
  readonly localTracks: () => ReadonlyMap<string, LocalTrack>;
  readonly candidateFilter: () => CandidateFilter | undefined;
  readonly send: (to: string, body: PeerBody) => void;
  readonly onAudio: (peer: P, name: string, samples: Int16Array, sampleRate: number, channels: number) => void;
  readonly onVideo: (peer: P, name: string, picture: HostPicture) => void;
  readonly onTrackState: (peer: P) => void;
  /** Whether it hears us may have changed. */
  readonly onListening: () => void;
  readonly onConnection: (peer: P, state: 'interrupted' | 'connected') => void;
  readonly relayFaults: RelayFaults;
  readonly report: (error: unknown) => void;
}
