/** A connection to a telephone or a SIP endpoint. */
export interface DialEvent {
  /** Names the connection in all of its events, and in what ends it. */
  readonly sessionId: string;
  /** What the server calls the request that this is an outcome of, for its log. */
  readonly actionTraceId?: string;
  /** Why, of warnings and errors, in the server's words: for people, not for programs. */
  readonly message?: string;
  /** The name that the other side shows, where it has one. */
  readonly displayName?: string;
  /** The address that calls, as its `From` says: nobody has proven it. */
  readonly sipFrom?: string;
  /** Headers of the call that the server passes on, by their names. */
  readonly sipHeaders?: Readonly<Record<string, string>>;
}

/** A live stream that runs. */
export interface LiveStreamStatus {
  /** Names the stream where a room has several at a time. */
  readonly streamId: string;
  /** Participant id; null: by the room itself. */
  readonly startedBy: string | null;
  /** How its picture is put together, in the terms of the server; absent: as the server does by itself. */
  readonly layout?: Readonly<Record<string, unknown>>;
}

interface LiveStreamFault {
  readonly streamId: string;
  readonly message: string;
}

/**
 * Events of live streams and telephony. Embedded rooms have neither: there none of these is ever told. They are of
 * rooms whose driver declares `live-streaming`, `sip` or `pstn`.
 */
export interface TelephonyEvents {
  /** It reaches its viewers from now on. */
  readonly 'live-stream-started': { readonly status: LiveStreamStatus };
  /** The way to its viewers is cut, or back. It is still running. */
  readonly 'live-stream-updated': { readonly streamId: string; readonly state: 'connected' | 'interrupted' };
  /** It was told to end; an end by a fault is a `live-stream-error`. */
  readonly 'live-stream-stopped': { readonly streamId: string };
  /** Something is wrong, and the stream goes on. */
  readonly 'live-stream-warning': LiveStreamFault;
  /** It has ended by a fault. */
  readonly 'live-stream-error': LiveStreamFault;
  /** The address that a SIP endpoint may dial. */
  readonly 'dialin-ready': { readonly sipEndpoint: string };
  /** Somebody who dialled is in the room, as a participant. */
  readonly 'dialin-connected': DialEvent;
  /** They have hung up, or were put out. */
  readonly 'dialin-stopped': DialEvent;
  /** Something is wrong, and the connection goes on. */
  readonly 'dialin-warning': DialEvent;
  /** The connection has ended by a fault, or never came about. */
  readonly 'dialin-error': DialEvent;
  /** The other side is reached and rings: nobody has answered yet. */
  readonly 'dialout-connected': DialEvent;
  /** Somebody has answered: from now on they hear the room. */
  readonly 'dialout-answered': DialEvent;
  /** One of the two sides has hung up. */
  readonly 'dialout-stopped': DialEvent;
  /** Something is wrong, and the connection goes on. */
  readonly 'dialout-warning': DialEvent;
  /** The connection has ended by a fault, or nobody answered. */
  readonly 'dialout-error': DialEvent;
}

export const telephonyEventNames = {
  'live-stream-started': true,
  'live-stream-updated': true,
  'live-stream-stopped': true,
  'live-stream-warning': true,
  'live-stream-error': true,
  'dialin-ready': true,
  'dialin-connected': true,
  'dialin-stopped': true,
  'dialin-warning': true,
  'dialin-error': true,
  'dialout-connected': true,
  'dialout-answered': true,
  'dialout-stopped': true,
  'dialout-warning': true,
  'dialout-error': true,
} as const satisfies { readonly [K in keyof TelephonyEvents]: true };
