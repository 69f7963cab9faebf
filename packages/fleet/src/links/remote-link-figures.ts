/** What passed a remote link so far, as one side counts it. */
export interface RemoteLinkFigures {
  /** Frames that were sent, or taken. */
  frames: number;
  /** Bytes of them as messages. */
  bytes: number;
  /** Frames that were sent and did not arrive, or came to nobody, and their media in milliseconds as far as it is known. */
  lostFrames: number;
  /** Media of frames that were lost, in milliseconds, as far as their length is known. */
  lostMs: number;
  /** Frames that came after an interruption that had made them void. */
  voidFrames: number;
  /** Messages that were no frame, too large, of another version, another kind or another sender, or that came before. */
  refused: number;
  /** How often another side was found: 1 for a link that was never cut. */
  connections: number;
}

/** Counters at zero. */
export function noFigures(): RemoteLinkFigures {
  return { frames: 0, bytes: 0, lostFrames: 0, lostMs: 0, voidFrames: 0, refused: 0, connections: 0 };
}
