import type { Cancel, Clock } from '@sluice/core';
import type { Turn } from '../turns/turn.ts';
import { silenceToEnd, type TurnFloor, type TurnState, type TurnStrategy, verdictOn } from '../turns/turn-strategy.ts';

export interface SpokenTurnsOptions {
  readonly clock: Clock;
  readonly strategies: readonly TurnStrategy[];
  /** Whether the model says when a turn is over; otherwise the strategies do. */
  readonly detectsTurns: boolean;
  /** How late it is told that they have ceased to speak, in milliseconds: for so long nobody knows that they still do. */
  readonly tellsLateMs: number;
  /** See `RealtimeAgentOptions.doubtMs`. */
  readonly doubtMs: number;
  /** The turn is over: tell the model, which says so in turn. */
  readonly endTurn: () => void;
  /** `name` is the model's for the turn, where it has told one. */
  readonly onTurn: (turn: Turn, name: string | undefined) => void;
  readonly onSuspect: () => void;
  readonly onInterrupt: () => void;
  readonly onFalseAlarm: () => void;
}

/** How often it is looked whether somebody still speaks under the agent's voice, in milliseconds. */
const LOOK_MS = 50;
/** Somebody who never stops is answered after so long, in milliseconds. */
const LONGEST_MS = 60_000;
/** A model that detects turns is told that one is over after a silence of so long, in milliseconds: the slowest wait 8 s. */
const OVERDUE_MS = 10_000;
/** A model that was told that a turn is over says so within this time, in milliseconds; otherwise it is over all the same. */
const ECHO_MS = 3_000;

/**
 * Follows a person whom a speech model hears: when they are done, and whether they mean to interrupt. Their words may come
 * long after that, or never: a turn does not wait for them. Sans media.
 */
export class SpokenTurns implements TurnFloor {
  readonly #options: SpokenTurnsOptions;
  readonly #detach: (() => void)[] = [];
  #agentSpeaking = false;
  #speaking = false;
  #voicedStart = 0;
  #voicedEnd = 0;
  #turnStart: number | undefined;
  #text = '';
  #final = false;
  #textAt = 0;
  #suspected = false;
  #ignored = false;
  /** The model says that the turn is over, and it is not known whether it counts. */
  #over: { readonly name: string | undefined } | undefined;
  #turns = 0;
  #timer: Cancel | undefined;
  #look: Cancel | undefined;
  #doubt: Cancel | undefined;

  constructor(options: SpokenTurnsOptions) {
    this.#options = options;
    for (const { attach } of options.strategies) {
      const detach = attach?.(this);
      if (detach !== undefined) this.#detach.push(detach);
    }
  }

  get state(): TurnState {
    const { clock, tellsLateMs } = this.#options;
    const now = clock.now();
    return {
      speaking: this.#speaking,
      speechMs: Math.max(0, (this.#speaking ? now - tellsLateMs : this.#voicedEnd) - this.#voicedStart),
      silenceMs: this.#speaking ? 0 : now - this.#voicedEnd,
      text: this.#text,
      words: [],
      final: this.#final,
      agentSpeaking: this.#agentSpeaking,
      recognizerLatencyMs: 0,
    };
  }

  /** Whether they speak, or have said something that is not answered. */
  get inTurn(): boolean {
    return this.#turnStart !== undefined;
  }

  /** Whether the agent is heard, or about to be. */
  set agentSpeaking(speaking: boolean) {
    this.#agentSpeaking = speaking;
    // What began under its voice and goes on after it is a turn like any other.
    if (!speaking && this.#suspected) this.#decide('interrupt');
  }

  onSpeech(speaking: boolean, atMs: number): void {
    if (speaking === this.#speaking) return;
    this.#speaking = speaking;
    if (speaking) {
      this.#voicedStart = atMs;
      this.#ignored = false;
      if (this.#turnStart === undefined) this.#begin(atMs);
      if (this.#agentSpeaking && !this.#suspected) this.#suspect();
    } else this.#voicedEnd = atMs;
    this.reconsider();
  }

  /** What they say in the turn that is under way, so far or in full. */
  onText(text: string, final: boolean): void {
    if (this.#turnStart === undefined) return;
    this.#text = text;
    this.#final = final;
    this.#textAt = this.#options.clock.now();
    this.#judge();
  }

  /** The model says that the turn is over. */
  onOver(name: string | undefined): void {
    // What its detector slept over is a turn all the same.
    if (this.#turnStart === undefined) this.#begin(this.#options.clock.now());
    this.#over = { name };
    this.#judge();
    if (!this.#suspected) this.#finish();
  }

  endTurn(): void {
    if (this.#turnStart !== undefined) this.#end();
  }

  reconsider(): void {
    this.#judge();
    this.#arm();
  }

  /** What is under way is forgotten: nobody hears them. */
  forget(): void {
    this.#clear();
    this.#speaking = false;
    this.#turnStart = undefined;
  }

  close(): void {
    this.#clear();
    for (const detach of this.#detach.splice(0)) detach();
  }

  #begin(atMs: number): void {
    this.#turnStart = atMs;
    this.#text = '';
    this.#final = false;
    this.#textAt = 0;
    this.#over = undefined;
  }

  #suspect(): void {
    const { clock, doubtMs, onSuspect } = this.#options;
    this.#suspected = true;
    this.#doubt = clock.at(clock.now() + doubtMs, () => this.#decide(this.#speaking ? 'interrupt' : 'ignore'));
    onSuspect();
  }

  #judge(): void {
    this.#look?.();
    if (!this.#suspected) return;
    const { state } = this;
    const { clock, strategies } = this.#options;
    let verdict = verdictOn(strategies, state);
    // All has been said, and nobody took it for an interruption.
    if (verdict === 'wait' && !state.speaking && state.final) verdict = 'ignore';
    if (verdict !== 'wait') return this.#decide(verdict);
    if (state.speaking) this.#look = clock.at(clock.now() + LOOK_MS, () => this.#judge());
  }

  #decide(verdict: 'interrupt' | 'ignore'): void {
    this.#suspected = false;
    this.#doubt?.();
    this.#look?.();
    this.#ignored = verdict === 'ignore';
    if (verdict === 'interrupt') this.#options.onInterrupt();
    else this.#options.onFalseAlarm();
    if (this.#over !== undefined) this.#finish();
  }

  /** Sees to it that the turn ends, whoever is to say so. */
  #arm(): void {
    this.#timer?.();
    this.#timer = undefined;
    if (this.#turnStart === undefined) return;
    const { clock, detectsTurns, strategies } = this.#options;
    const silence = detectsTurns ? OVERDUE_MS : silenceToEnd(strategies, this.state);
    const due = this.#speaking ? this.#turnStart + LONGEST_MS : this.#voicedEnd + silence;
    if (Number.isFinite(due)) this.#timer = clock.at(Math.max(due, clock.now()), () => this.#end());
  }

  #end(): void {
    const { clock, endTurn } = this.#options;
    this.#timer?.();
    endTurn();
    this.#timer = clock.at(clock.now() + ECHO_MS, () => this.onOver(undefined));
  }

  #finish(): void {
    const { clock, onTurn } = this.#options;
    const now = clock.now();
    const name = this.#over?.name;
    const counts = !this.#ignored;
    const turn = {
      text: this.#text,
      words: [],
      rejected: false,
      voicedStartMs: this.#turnStart ?? now,
      voicedEndMs: this.#speaking ? now : Math.max(this.#voicedEnd, this.#turnStart ?? 0),
      finalTextMs: this.#textAt || now,
      decidedMs: now,
    };
    this.#clear();
    this.#turnStart = undefined;
    if (this.#speaking) this.#begin(now);
    if (counts) onTurn({ id: ++this.#turns, ...turn }, name);
  }

  #clear(): void {
    this.#timer?.();
    this.#look?.();
    this.#doubt?.();
    this.#timer = undefined;
    this.#suspected = false;
    this.#ignored = false;
    this.#over = undefined;
  }
}
