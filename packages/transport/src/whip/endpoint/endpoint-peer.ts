import type { HostConnection, TrackDescription } from '../../host/media-host.ts';

/** Which room is entered, and by which right. */
export interface PeerEntry {
  readonly roomUrl: string;
  readonly token: string | undefined;
}

/** The participant of a room behind one session of the endpoint. */
export interface EndpointPeer {
  /** Joins the room, whose errors say whether somebody may. */
  enter(entry: PeerEntry): Promise<void>;
  /** What the m-lines of the offer carry, by the names that `attach` listens to. */
  tracks(sections: readonly { readonly mid: string; readonly kind: string }[]): TrackDescription[];
  /** Puts on the connection what it sends, and listens to what it receives. Before the offer is taken. */
  attach(connection: HostConnection, kinds: readonly string[]): void;
  close(): Promise<void>;
}
