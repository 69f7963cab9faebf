import type { Clock } from '@sluice/core';
import type { Turn } from './turn.ts';
import type { TurnStrategy } from './turn-strategy.ts';

/** By which strategies a {@link TurnTaker} tells whose turn it is. */
export interface TurnTakerOptions {
  /** By which pauses are counted: the one of the graph. */
  readonly clock: Clock;
  /** Numbers from 0 to 1, for models of strategies. Default `Math.random`; in a graph give it the graph's. */
  readonly random?: () => number;
  /** What says that a turn is over, and what interrupts: `silence()`, `backChannels()`, any number of them. */
  readonly strategies: readonly TurnStrategy[];
  /** How late the recogniser tells what was said, in milliseconds: so long its words are waited for. */
  readonly recognizerLatencyMs: number;
  /**
   * How long the agent is silent in doubt, in milliseconds: then whoever still speaks has interrupted it, and otherwise it
   * goes on. Default 1,500.
   */
  readonly doubtMs?: number;
  /** Somebody who never stops is answered after so long, in milliseconds, by what they have said. Default 60,000. */
  readonly longestMs?: number;
  /** Somebody is done, and wants a reply. */
  readonly onTurn: (turn: Turn) => void;
  /**
   * The recogniser takes the turn for probably over: a reply may be thought of. `onTurn` with the same `id` follows when it
   * is, perhaps in other words, or `onResumed` when it goes on after all or is none.
   */
  readonly onEnding?: (turn: Turn) => void;
  /** A turn that was probably over goes on, or is none: what was thought of is for nothing. */
  readonly onResumed?: () => void;
  /** Somebody speaks while the agent does: it may be an interruption. */
  readonly onSuspect: () => void;
  /** It is one. */
  readonly onInterrupt: () => void;
  /** It was none: a cough, an "uh huh". */
  readonly onFalseAlarm: () => void;
}
