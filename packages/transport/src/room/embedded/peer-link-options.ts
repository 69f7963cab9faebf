import type { Clock } from '@sluice/core';
import type { LinkState } from '@sluice/protocol';
import type {
  HostIceCandidate,
  HostPicture,
  HostSessionDescription,
  IceSettings,
  MediaHost,
} from '../../host/media-host.ts';
import type { RelayFaults } from './relay-faults.ts';

/** What one peer connection needs, and what it tells. */
export interface PeerLinkOptions {
  readonly media: MediaHost;
  readonly candidates: 'loopback' | 'all';
  readonly ice: IceSettings;
  /** Whether the far side's pictures are taken at all. Default true. */
  readonly pictures?: boolean;
  readonly clock: Clock;
  /** Of two offers that cross, the polite side's gives way. */
  readonly polite: boolean;
  readonly sendDescription: (description: HostSessionDescription, exchange: number) => void;
  readonly sendCandidate: (candidate: HostIceCandidate) => void;
  readonly onAudio: (name: string, samples: Int16Array, sampleRate: number, channels: number) => void;
  readonly onVideo: (name: string, picture: HostPicture) => void;
  readonly onTrack: (name: string, present: boolean) => void;
  readonly onPackets: (received: number) => void;
  readonly onState: (state: LinkState) => void;
  /**
   * A new connection is better than this one: the engine refuses what the far side offers, so the two no longer mean the same
   * and never will again, or ICE was restarted so often that what it has opened has to be given back.
   */
  readonly onUseless: () => void;
  readonly relayFaults: RelayFaults;
  readonly report: (error: unknown) => void;
}
