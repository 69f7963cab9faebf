/** A connection to a telephone or a SIP endpoint. */
export interface DialEvent {
  readonly sessionId: string;
  readonly actionTraceId?: string;
  readonly message?: string;
  readonly displayName?: string;
  readonly sipFrom?: string;
  readonly sipHeaders?: Readonly<Record<string, string>>;
}

/** A live stream that runs. */
export interface LiveStreamStatus {
  readonly streamId: string;
  /** Participant id; null: by the room itself. */
  readonly startedBy: string | null;
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
  readonly 'live-stream-started': { readonly status: LiveStreamStatus };
  readonly 'live-stream-updated': { readonly streamId: string; readonly state: 'connected' | 'interrupted' };
  readonly 'live-stream-stopped': { readonly streamId: string };
  readonly 'live-stream-warning': LiveStreamFault;
  readonly 'live-stream-error': LiveStreamFault;
  /** The address that a SIP endpoint may dial. */
  readonly 'dialin-ready': { readonly sipEndpoint: string };
  readonly 'dialin-connected': DialEvent;
  readonly 'dialin-stopped': DialEvent;
  readonly 'dialin-warning': DialEvent;
  readonly 'dialin-error': DialEvent;
  readonly 'dialout-connected': DialEvent;
  readonly 'dialout-answered': DialEvent;
  readonly 'dialout-stopped': DialEvent;
  readonly 'dialout-warning': DialEvent;
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
