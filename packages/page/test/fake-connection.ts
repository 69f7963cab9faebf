/** What the server asks of each description. */
const HEAD = `v=0\r\na=setup:actpass\r\na=rtcp-mux\r\na=fingerprint:sha-256 ${Array(32).fill('00').join(':')}\r\n`;

/** A track without media. */
export class FakeTrack {
  muted = true;
  readonly kind: string;

  constructor(kind: string) {
    this.kind = kind;
  }
}

class FakeTransceiver {
  mid: string | null = null;
  readonly receiver: {
    readonly track: FakeTrack;
    readonly getSynchronizationSources: () => { readonly audioLevel: number; readonly timestamp: number }[];
  };
  /** As `RTCRtpSynchronizationSource.audioLevel`. */
  audioLevel = 0;
  /** As `RTCRtpSynchronizationSource.timestamp`. */
  playedAt = 0;
  readonly sender = {
    track: null as FakeTrack | null,
    replaceTrack: async (track: FakeTrack | null) => {
      this.sender.track = track;
    },
    getParameters: () => ({ encodings: [] }),
  };

  constructor(kind: string, sent: FakeTrack | null) {
    this.sender.track = sent;
    this.receiver = {
      track: new FakeTrack(kind),
      getSynchronizationSources: () => [{ audioLevel: this.audioLevel, timestamp: this.playedAt }],
    };
  }
}

/** A peer connection that refuses what the real one refuses at that point of a negotiation, and sends nothing. */
export class FakeConnection {
  static all: FakeConnection[] = [];
  readonly transceivers: FakeTransceiver[] = [];
  readonly restarts: boolean[] = [];
  readonly candidates: string[] = [];
  /** Of all receivers. */
  packetsReceived = 0;
  connectionState = 'new';
  closed = false;
  localDescription: { readonly type: string; readonly sdp: string } | null = null;
  remoteDescription: { readonly type: string; readonly sdp: string } | null = null;
  onicecandidate: (found: { readonly candidate: { readonly candidate: string } }) => void = () => {};
  onconnectionstatechange = () => {};
  #signalling: 'stable' | 'have-local-offer' | 'have-remote-offer' = 'stable';

  constructor() {
    FakeConnection.all.push(this);
  }

  getTransceivers = () => this.transceivers;
  getReceivers = () => this.transceivers.map(({ receiver }) => receiver);
  getStats = async () => new Map([['in', { type: 'inbound-rtp', packetsReceived: this.packetsReceived }]]);

  addTransceiver(track: FakeTrack | string): FakeTransceiver {
    const kind = typeof track === 'string' ? track : track.kind;
    const transceiver = new FakeTransceiver(kind, typeof track === 'string' ? null : track);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  async createOffer({ iceRestart }: { readonly iceRestart: boolean }) {
    this.restarts.push(iceRestart);
    return { sdp: `${HEAD}${this.transceivers.map(({ receiver }) => `m=${receiver.track.kind} 9\r\n`).join('')}` };
  }

  async createAnswer() {
    return { sdp: 'v=0\r\n' };
  }

  async setLocalDescription({ type, sdp }: { readonly type: string; readonly sdp: string }): Promise<void> {
    if (type === 'offer') this.#step('stable', 'have-local-offer');
    else if (type === 'answer') this.#step('have-remote-offer', 'stable');
    else this.#step('have-local-offer', 'stable');
    if (type === 'rollback') return;
    // As Chromium does, which may find some before it is done.
    const candidate = `candidate:${this.restarts.length} 1 udp 1 192.0.2.1 9 typ host`;
    const found = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };
    this.onicecandidate({ candidate: found });
    this.localDescription = { type, sdp };
    this.transceivers.forEach((transceiver, index) => {
      transceiver.mid ??= String(index);
    });
  }

  async setRemoteDescription({ type, sdp }: { readonly type: string; readonly sdp: string }): Promise<void> {
    if (type === 'offer') this.#step('stable', 'have-remote-offer');
    else this.#step('have-local-offer', 'stable');
    if (sdp.includes('refused')) throw new Error('the order of m-lines in subsequent offer does not match');
    this.remoteDescription = { type, sdp };
    for (const [, kind, mid] of sdp.matchAll(/m=(\w+) (\w+)/g)) {
      if (this.transceivers.some((one) => one.mid === mid)) continue;
      this.addTransceiver(kind!).mid = mid!;
    }
  }

  async addIceCandidate({ candidate }: { readonly candidate: string }): Promise<void> {
    if (this.remoteDescription === null) throw new Error('no remote description');
    this.candidates.push(candidate);
  }

  close(): void {
    this.closed = true;
  }

  /** The engine says that media passes, or does not. */
  becomes(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange();
  }

  #step(from: string, to: 'stable' | 'have-local-offer' | 'have-remote-offer'): void {
    if (this.#signalling !== from) throw new Error(`in ${this.#signalling}, not in ${from}`);
    this.#signalling = to;
  }
}
