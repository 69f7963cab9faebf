import type { Cancel } from '@sluice/core';
import { type TurnState, verdictOn } from './turn-strategy.ts';
import type { TurnTakerOptions } from './turn-taker-options.ts';

type InterruptionOptions = Pick<
  TurnTakerOptions,
  'clock' | 'strategies' | 'doubtMs' | 'onSuspect' | 'onInterrupt' | 'onFalseAlarm'
>;

/** What somebody says under the agent's voice: in doubt at first, then an interruption or a cough. */
export class Interruption {
  readonly #options: InterruptionOptions;
  #suspected = false;
  #ignored = false;
  #doubt: Cancel | undefined;

  constructor(options: InterruptionOptions) {
    this.#options = options;
  }

  /** It is not known yet. */
  get suspected(): boolean {
    return this.#suspected;
  }

  /** It was a cough: what is said is no turn. */
  get ignored(): boolean {
    return this.#ignored;
  }

  /** Somebody speaks; until the doubt is over at the latest it is decided, by whether they still do. */
  suspect(stillSpeaks: () => boolean): void {
    const { clock, doubtMs = 1_500, onSuspect } = this.#options;
    this.#suspected = true;
    this.#doubt = clock.at(clock.now() + doubtMs, () => this.decide(stillSpeaks() ? 'interrupt' : 'ignore'));
    onSuspect();
  }

  /** Asks the strategies. */
  judge(state: TurnState): void {
    if (this.#ignored && this.isMeant(state)) return this.takeSeriously(state.agentSpeaking);
    if (!this.#suspected) return;
    let verdict = verdictOn(this.#options.strategies, state);
    // All has been said, and nobody took it for an interruption.
    if (verdict === 'wait' && !state.speaking && state.final) verdict = 'ignore';
    if (verdict !== 'wait') this.decide(verdict);
  }

  decide(verdict: 'interrupt' | 'ignore'): void {
    this.#suspected = false;
    this.#doubt?.();
    if (verdict === 'interrupt') return this.#options.onInterrupt();
    this.#ignored = true;
    this.#options.onFalseAlarm();
  }

  /** Whether words that come after all are such as interrupt: a recogniser was later than anybody waited. */
  isMeant(state: TurnState): boolean {
    return state.text !== '' && verdictOn(this.#options.strategies, state) === 'interrupt';
  }

  /** What was taken for a cough was said in words. The agent may have gone on meanwhile. */
  takeSeriously(agentSpeaking: boolean): void {
    this.#ignored = false;
    if (agentSpeaking && !this.#suspected) this.#options.onInterrupt();
  }

  forget(): void {
    this.#ignored = false;
  }

  close(): void {
    this.#doubt?.();
  }
}
