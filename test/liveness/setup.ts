import fc from 'fast-check';

/** What an agent is made of. */
export interface Setup {
  /** Others take over from models that fail. */
  readonly fallbacks: boolean;
  /** Ann is added like others who come; otherwise she is the one whom the agent `hears`. */
  readonly added: boolean;
  /** Something is said while the model thinks. */
  readonly filler: boolean;
  /** Something is said about what was not understood. */
  readonly notUnderstood: boolean;
  /** The recogniser judges turns, and replies are thought of before they are over. */
  readonly judges: boolean;
  /** So does the one behind it. */
  readonly sparesJudge: boolean;
}

/** Shrinks to the plainest. */
export const setups: fc.Arbitrary<Setup> = fc.record({
  fallbacks: fc.boolean(),
  added: fc.boolean(),
  filler: fc.boolean(),
  notUnderstood: fc.boolean(),
  judges: fc.boolean(),
  sparesJudge: fc.boolean(),
});

/** How a reader is told of it. */
export function setupText(setup: Setup): string {
  const has = Object.entries(setup).flatMap(([name, given]) => (given ? name : []));
  return `  with ${has.length === 0 ? 'nothing beside' : has.join(', ')}`;
}
