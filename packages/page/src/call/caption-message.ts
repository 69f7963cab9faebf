/**
 * Words of a participant that come as an app message, from an agent for example as they are heard:
 * `{ type: 'caption', text: 'Hello. What', isFinal: false }`.
 */
export interface CaptionMessage {
  readonly type: 'caption';
  /** The line so far; empty takes it away. */
  readonly text: string;
  /** Whether the line may still change. */
  readonly isFinal: boolean;
}

/** Undefined for any other app message. */
export function captionOf(data: unknown): CaptionMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, text, isFinal } = data as Partial<CaptionMessage>;
  if (type !== 'caption' || typeof text !== 'string') return undefined;
  return { type, text, isFinal: isFinal === true };
}
