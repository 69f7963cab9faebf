// Whose turn it is: strategies, and the state of one person. Sans media: no frame of sound, no graph, no model.

import { type Cancel, checkKeys } from '@sluice/core';
import type { TurnMark } from '@sluice/core/voice';
import type { SpeechFrame, TranscriptFrame } from '../voice-frames.ts';
import { Interruption } from './interruption.ts';
import { MissedWord } from './missed-word.ts';
import { SaidWords } from './said-words.ts';
import type { Turn } from './turn.ts';
import { silenceToEnd, type TurnFloor, type TurnState } from './turn-strategy.ts';
import type { TurnTakerOptions } from './turn-taker-options.ts';
import { unspelled } from './unspelled.ts';

/** How long a last word is waited for beyond the recogniser's own latency, in milliseconds. */
const LAST_WORD_MS = 1_000;

/**
 * Follows one person: what they say, when they are done, and whether they mean to interrupt. Sans media: it is told of
 * speech and of words, and tells what follows from them.
 */
export class TurnTaker implements TurnFloor {
  readonly #options: TurnTakerOptions;
  readonly #detach: (() => void)[] = [];
  readonly #interruption: Interruption;
  #agentSpeaking = false;
  #speaking = false;
  /** They speak so softly that the recogniser alone hears them. */
  #isSoft = false;
  #voicedStart = 0;
  #voicedEnd = 0;
  /** Of the whole turn. */
  #turnStart: number | undefined;
  readonly #said = new SaidWords();
  readonly #missed = new MissedWord();
  /** Stretches of speech whose last word has not come. */
  #open = 0;
  #finalAt = 0;
  /** What the recogniser last said of this turn, and whether `onEnding` told of it. */
  #mark: TurnMark | undefined;
  #isEnding = false;
  /** What it was told with. */
  #endingText = '';
  /** What the clock says more than the sound, in milliseconds. */
  #mediaOffset = 0;
  #turns = 0;
  #timer: Cancel | undefined;
  #ending = false;
  #endingAt = 0;

  /** @throws TypeError for options that do not exist */
  constructor(options: TurnTakerOptions) {
    checkKeys<TurnTakerOptions>('TurnTaker', options, {
      clock: true,
      random: true,
      strategies: true,
      recognizerLatencyMs: true,
      doubtMs: true,
      longestMs: true,
      onTurn: true,
      onEnding: true,
      onResumed: true,
      onSuspect: true,
      onInterrupt: true,
      onFalseAlarm: true,
    });
    this.#options = options;
    this.#interruption = new Interruption(options);
    for (const { attach } of options.strategies) {
      const detach = attach?.(this);
      if (detach !== undefined) this.#detach.push(detach);
    }
  }

  get random(): () => number {
    return this.#options.random ?? Math.random;
  }

  get state(): TurnState {
    const now = this.#options.clock.now();
    const { text, words } = this.#said;
    return {
      speaking: this.#speaking,
      speechMs: (this.#speaking ? now : this.#voicedEnd) - this.#voicedStart,
      silenceMs: this.#speaking ? 0 : now - this.#voicedEnd,
      text,
      words,
      final: this.#open === 0,
      agentSpeaking: this.#agentSpeaking,
      recognizerLatencyMs: this.#options.recognizerLatencyMs,
      ...(this.#mark === undefined ? {} : { mark: this.#mark }),
    };
  }

  /** Whether something was said, or sounded like it, of which it is not settled whether it is a turn. */
  get inTurn(): boolean {
    return this.#turnStart !== undefined;
  }

  /** Whether the agent is heard, or about to be. */
  set agentSpeaking(speaking: boolean) {
    this.#agentSpeaking = speaking;
    // What began under its voice and goes on after it is a turn like any other.
    if (!speaking && this.#interruption.suspected) this.#interruption.decide('interrupt');
  }

  onSpeech({ speaking, at, atMs }: SpeechFrame): void {
    if (!this.#listens() && !this.#speaking) return;
    this.#mediaOffset = atMs - at / 1_000;
    this.#timer?.();
    if (speaking) {
      this.#speaking = true;
      this.#isSoft = false;
      this.#voicedStart = atMs;
      this.#turnStart ??= atMs;
      this.#open++;
      this.#ending = false;
      const { suspected, ignored } = this.#interruption;
      if (this.#agentSpeaking && !suspected && !ignored) this.#suspect();
    } else {
      this.#speaking = false;
      this.#voicedEnd = atMs;
    }
    this.reconsider();
  }

  onTranscript(transcript: TranscriptFrame): void {
    const { turn, final } = transcript;
    if (turn === 'begun') this.#begin();
    if (this.#takeLate(transcript) || this.#turnStart === undefined) return;
    // Nothing else tells that they go on.
    if (this.#isSoft) this.#voicedEnd = this.#options.clock.now();
    this.#said.take(transcript);
    if (final) {
      this.#open = this.#isLastWord(transcript) ? 0 : Math.max(0, this.#open - 1);
      this.#finalAt = this.#options.clock.now();
      // It is of a recogniser that judges no turns: what one before it made of this one is void.
      if (turn === undefined) this.#mark = undefined;
    }
    if (turn !== undefined) this.#judged(turn, transcript);
    else if (unspelled(this.#said.text) !== unspelled(this.#endingText)) this.#resume();
    this.reconsider();
  }

  endTurn(): void {
    if (!this.#ending) this.#endingAt = this.#options.clock.now();
    this.#ending = true;
    this.reconsider();
  }

  reconsider(): void {
    if (this.#turnStart === undefined) return;
    this.#interruption.judge(this.state);
    if (this.#interruption.ignored && !this.#speaking && this.#open === 0) {
      this.#resume();
      return this.#forget();
    }
    this.#arm();
  }

  close(): void {
    this.#timer?.();
    this.#interruption.close();
    for (const detach of this.#detach.splice(0)) detach();
  }

  /** Finals come in order: one that reaches into the latest stretch of speech leaves none of those before it to come. */
  #isLastWord({ end, endMs = end / 1_000 + this.#mediaOffset }: TranscriptFrame): boolean {
    return !this.#speaking && endMs > this.#voicedStart;
  }

  #listens(): boolean {
    return this.#options.strategies.every(({ listens }) => listens?.() ?? true);
  }

  /** The words of a turn that was over before they came: they make it one after all, or stand before what is said now. */
  #takeLate(transcript: TranscriptFrame): boolean {
    const since = this.#turnStart === undefined ? Number.POSITIVE_INFINITY : this.#voicedStart;
    const late = this.#missed.take(transcript, transcript.end / 1_000 + this.#mediaOffset, since);
    if (late === undefined || late.partly) return late !== undefined;
    if (late.ignored) {
      if (!this.#interruption.isMeant({ ...this.state, text: transcript.text, speaking: false })) return true;
      this.#interruption.takeSeriously(this.#agentSpeaking);
    }
    this.#said.take(transcript);
    if (this.#turnStart === undefined) {
      this.#finalAt = this.#options.clock.now();
      this.endTurn();
    }
    this.#turnStart = late.startMs;
    this.reconsider();
    return true;
  }

  /** They went on after the end of a turn without a pause, or speak too softly for the voice detector. */
  #begin(): void {
    if (this.#turnStart !== undefined || !this.#listens()) return;
    this.#turnStart = this.#options.clock.now();
    this.#open = 1;
    this.#isSoft = !this.#speaking;
    if (this.#isSoft) this.#voicedStart = this.#turnStart;
    if (this.#agentSpeaking) this.#suspect();
  }

  #judged(mark: TurnMark, { end, endMs = end / 1_000 + this.#mediaOffset }: TranscriptFrame): void {
    this.#mark = mark;
    if (mark === 'over') {
      // All stretches of speech of the turn have their last word.
      this.#open = 0;
      if (this.#speaking || this.#isSoft) this.#voicedEnd = Math.min(this.#options.clock.now(), endMs);
    } else if (mark === 'ending') {
      this.#isEnding = true;
      const turn = this.#turn();
      this.#endingText = turn.text;
      this.#options.onEnding?.(turn);
    } else this.#resume();
  }

  #resume(): void {
    if (!this.#isEnding) return;
    this.#isEnding = false;
    this.#options.onResumed?.();
  }

  #suspect(): void {
    this.#interruption.suspect(() => this.#speaking);
  }

  /** Ends the turn when it is time, or sets the timer for it. */
  #arm(): void {
    this.#timer?.();
    this.#timer = undefined;
    const over = this.#mark === 'over';
    if (this.#speaking && !this.#ending && !over) {
      const { longestMs = 60_000 } = this.#options;
      this.#timer = this.#options.clock.at(this.#turnStart! + longestMs, () => this.endTurn());
      return;
    }
    const { clock, recognizerLatencyMs } = this.#options;
    const wait = this.#ending ? 0 : silenceToEnd(this.#options.strategies, this.state);
    const lastWordBy = this.#open === 0 ? 0 : recognizerLatencyMs + LAST_WORD_MS;
    // In mid-word nobody asks the recogniser for its last word: what it has told by then has to do.
    const due =
      this.#speaking && !over ? this.#endingAt + recognizerLatencyMs : this.#voicedEnd + Math.max(wait, lastWordBy);
    if (clock.now() >= due) return this.#end();
    if (Number.isFinite(due)) this.#timer = clock.at(due, () => this.#end());
  }

  #end(): void {
    // No word came of what sounded like speech.
    if (this.#interruption.suspected) this.#interruption.decide('ignore');
    const turn = this.#turn();
    const { ignored } = this.#interruption;
    if (this.#open > 0 && !this.#speaking)
      this.#missed.miss({ startMs: this.#turnStart!, partly: !ignored && this.#said.isOpen, ignored });
    const isNone = ignored || (turn.text === '' && !turn.rejected);
    if (isNone) this.#resume();
    this.#forget();
    if (isNone) return;
    this.#turns++;
    this.#options.onTurn(turn);
  }

  #turn(): Turn {
    const { text, words, rejected } = this.#said;
    const now = this.#options.clock.now();
    return {
      id: this.#turns + 1,
      text,
      words,
      rejected,
      voicedStartMs: this.#turnStart ?? now,
      voicedEndMs: this.#voicedEnd,
      finalTextMs: this.#finalAt,
      decidedMs: now,
    };
  }

  #forget(): void {
    this.#timer?.();
    this.#timer = undefined;
    const goesOn = this.#speaking && this.#mark !== 'over';
    this.#turnStart = goesOn ? this.#options.clock.now() : undefined;
    this.#open = goesOn ? 1 : 0;
    this.#mark = undefined;
    this.#isEnding = false;
    this.#isSoft = false;
    this.#said.forget();
    this.#interruption.forget();
    this.#ending = false;
  }
}
