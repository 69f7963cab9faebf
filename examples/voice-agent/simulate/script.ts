/** A line of the person, and what is done about the reply to it. */
export interface Line {
  readonly say: string;
  /** Outside of what the agent understands. */
  readonly foreign?: true;
  /** The next line comes so long after the reply was heard to begin, in milliseconds, and interrupts it. */
  readonly interruptAfterMs?: number;
  /** Waits so long after the reply, in milliseconds. Default 700. */
  readonly pauseMs?: number;
}

/** What the person says: interruptions at set moments, then at random ones. */
export function script(random: () => number, interruptions: number): readonly Line[] {
  const sometime = () => Math.round(400 + 3_000 * random());
  return [
    { say: 'hello' },
    { say: 'set a timer for ten seconds' },
    { say: 'what can you do', interruptAfterMs: 1_500 },
    { say: 'who are you' },
    { say: 'the weather in paris is lovely this spring', foreign: true },
    { say: 'count for me', interruptAfterMs: 3_000 },
    ...Array.from({ length: interruptions }, () => [
      { say: 'stop' },
      { say: 'go on', interruptAfterMs: sometime() },
    ]).flat(),
    { say: 'stop' },
    { say: 'play some music', pauseMs: 2_500 },
    // Not interrupted: music under the voice would be taken for it.
    { say: 'tell me about yourself' },
    { say: 'stop the music' },
    { say: 'thank you' },
    { say: 'goodbye' },
  ];
}

/** The same in half a minute: every kind of line once. */
export const shortScript: readonly Line[] = [
  { say: 'hello' },
  { say: 'what can you do', interruptAfterMs: 1_500 },
  { say: 'stop' },
  { say: 'the weather in paris is lovely this spring', foreign: true, interruptAfterMs: 1_200 },
  { say: 'count for me', interruptAfterMs: 2_500 },
  { say: 'stop' },
  { say: 'go on', interruptAfterMs: 1_500 },
  { say: 'thank you' },
];
