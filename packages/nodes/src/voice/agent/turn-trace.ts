/**
 * When things happened between the last voiced sample of a turn and the first audible one of its reply, on the clock in
 * milliseconds. What never happened is undefined. Each part ends where the next begins, so that they sum to the whole.
 */
export interface TurnTrace {
  /** Of the turn. */
  readonly id: number;
  /** The person's last voiced sample. */
  readonly voicedEndMs: number;
  /** The turn was taken for finished. */
  readonly decidedMs: number;
  /** A reply was begun: later than that when the agent was busy or let somebody finish. Undefined: then. */
  readonly begunMs?: number;
  /** The recogniser's last word. */
  readonly finalTextMs: number;
  /** The model's first text. */
  firstTokenMs?: number;
  /** The first sentence was complete and went to the synthesizer. */
  firstSentenceMs?: number;
  /** Its first samples came. */
  firstByteMs?: number;
  /** The first sample left the device. */
  firstAudibleMs?: number;
  /** Whether the reply was cut short. */
  interrupted: boolean;
  /** What was heard of the reply, to the last whole word. */
  heardText: string;
}

/** A part of the way from the last voiced sample to the first audible one, and whose it is. */
export interface TurnPart {
  /** Whose it is. */
  readonly owner: 'turn' | 'model' | 'sentence' | 'synthesizer' | 'device';
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** Who took how long; the parts sum to `firstAudibleMs - voicedEndMs`. Undefined for a reply that nobody heard. */
export function partsOf(trace: TurnTrace): readonly TurnPart[] | undefined {
  const { voicedEndMs, decidedMs, begunMs = decidedMs, firstAudibleMs } = trace;
  if (firstAudibleMs === undefined) return undefined;
  const firstToken = trace.firstTokenMs ?? begunMs;
  const firstSentence = trace.firstSentenceMs ?? firstToken;
  const firstByte = trace.firstByteMs ?? firstSentence;
  return [
    { owner: 'turn', ms: begunMs - voicedEndMs },
    { owner: 'model', ms: firstToken - begunMs },
    { owner: 'sentence', ms: firstSentence - firstToken },
    { owner: 'synthesizer', ms: firstByte - firstSentence },
    { owner: 'device', ms: firstAudibleMs - firstByte },
  ];
}
