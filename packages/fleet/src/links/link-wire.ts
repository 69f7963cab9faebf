// Links between machines: what a sender and a receiver say and keep. The form of messages is `wire`, the network stands behind
// `LinkWire`.

/** What a remote link needs of a network: messages in order from each sender to all who listen, none of them promised. */
export interface LinkWire {
  /** The most bytes of one message. */
  readonly mostBytes: number;
  /** Whether messages go anywhere now. */
  readonly connected: boolean;
  /** Gives a message away; the bytes are not changed afterwards. While nothing is connected it is dropped. */
  publish(subject: string, message: Uint8Array): void;
  /** Calls for each message, whose bytes are lent for the call. Returns what ends it. */
  subscribe(subject: string, take: (message: Uint8Array) => void): () => void;
  /** Tells each time that messages go somewhere again. Returns what ends the telling. */
  onBack(tell: () => void): () => void;
  /** Tells once, if the network ends for good or refuses the subject. Returns what ends the telling. */
  onLost(tell: (error: Error) => void): () => void;
}

/** Where the messages of a link go. */
export interface LinkSubjects {
  /** From the sender: frames, and what it tells of itself. */
  readonly frames: string;
  /** From the receiver: its credit. */
  readonly credit: string;
}

/** The two subjects under one name. */
export function subjectsOf(subject: string): LinkSubjects {
  return { frames: `${subject}.frames`, credit: `${subject}.credit` };
}
