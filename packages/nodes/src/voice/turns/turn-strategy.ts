import type { TurnMark, Word } from '@sluice/core/voice';

/** What is known of a person's turn. Times are milliseconds. */
export interface TurnState {
  /** Whether they are speaking now. */
  readonly speaking: boolean;
  /** For how long they have been speaking, or what they said last lasted. */
  readonly speechMs: number;
  /** For how long they have been silent, from the last voiced sample. */
  readonly silenceMs: number;
  /** What they have said in this turn; the last words may still change. */
  readonly text: string;
  /** The same, word by word, with their times. */
  readonly words: readonly Word[];
  /** Whether the recogniser has nothing more to tell about what was said. */
  readonly final: boolean;
  /** Whether the agent is heard, or about to be. */
  readonly agentSpeaking: boolean;
  /** How long the recogniser takes for its last word after the last voiced sample. */
  readonly recognizerLatencyMs: number;
  /** What the recogniser last said of this turn, where it judges turns. */
  readonly mark?: TurnMark;
}

/** Whether what is said while the agent speaks interrupts it. `wait`: not known yet. */
export type InterruptionVerdict = 'interrupt' | 'wait' | 'ignore';

/** What a strategy may do by itself. */
export interface TurnFloor {
  /** As it is at this moment. */
  readonly state: TurnState;
  /** Numbers from 0 to 1, for what is left to chance: in a graph the graph's. Absent: `Math.random` will do. */
  readonly random?: () => number;
  /** Ends the turn now, with what was said. Without a word there is no turn. */
  endTurn(): void;
  /** Asks all strategies again. */
  reconsider(): void;
}

/** When a turn is over, and what interrupts the agent. Strategies are asked together, so that they compose. */
export interface TurnStrategy {
  /** As messages and traces call it. */
  readonly name: string;
  /**
   * The silence after which the turn is over, in milliseconds; undefined if it does not mind. The longest of all decides;
   * Infinity: not by silence.
   */
  readonly endAfterMs?: (state: TurnState) => number | undefined;
  /** Asked with each word and each start or end of speech. One `ignore` decides, then one `wait`. */
  readonly interrupts?: (state: TurnState) => InterruptionVerdict;
  /** Whether the person is heard at all. Default true. */
  readonly listens?: () => boolean;
  /** Called once; what it returns is called at the end. */
  readonly attach?: (floor: TurnFloor) => (() => void) | undefined;
}

/** The silence that ends a turn: the longest that any strategy asks for. */
export function silenceToEnd(strategies: readonly TurnStrategy[], state: TurnState): number {
  const asked = strategies.map(({ endAfterMs }) => endAfterMs?.(state)).filter((ms) => ms !== undefined);
  return asked.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...asked);
}

/** What all strategies make of speech under the agent's. */
export function verdictOn(strategies: readonly TurnStrategy[], state: TurnState): InterruptionVerdict {
  const verdicts = strategies.map(({ interrupts }) => interrupts?.(state));
  if (verdicts.includes('ignore')) return 'ignore';
  return verdicts.includes('wait') ? 'wait' : 'interrupt';
}
