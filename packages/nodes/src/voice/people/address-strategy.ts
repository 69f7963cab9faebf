import type { Speaker, SpokenLine } from './speaker.ts';

/** `by-name`: somebody said so. `implied`: it follows from the situation. */
export type Addressed = 'by-name' | 'implied';

/** What is known when it is asked whether the agent is meant. */
export interface AddressSituation {
  /** Who speaks. */
  readonly speaker: Speaker;
  /** What they said in this turn. So far, or nothing yet, while they speak over the agent's voice. */
  readonly text: string;
  /** When they began, on the clock in milliseconds. */
  readonly startMs: number;
  /** What was said before. */
  readonly log: readonly SpokenLine[];
  /** Everybody whom the agent hears, the speaker included. */
  readonly speakers: readonly Speaker[];
}

/** Tells whether somebody speaks to the agent. Asked with each turn, and with words that are said over the agent's voice. */
export interface AddressStrategy {
  /** As messages call it. */
  readonly name: string;
  /** How the agent was addressed; undefined if it was not. */
  readonly addresses: (situation: AddressSituation) => Addressed | undefined;
}
