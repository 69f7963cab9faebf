import type { Cancel, Clock } from '@sluice/core';
import type { ConversationLog } from '../agent/conversation-log.ts';
import type { ToolResult } from '../agent/tool-runs.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { Turn } from '../turns/turn.ts';

/** Transcripts that came before their turn was known. */
const MOST_EARLY = 64;

interface PersonLine {
  readonly who: 'person';
  readonly turn: Turn;
  readonly name: string | undefined;
  text: string;
  known: boolean;
  readonly late: Cancel;
}

type Line =
  | PersonLine
  | { readonly who: 'agent'; readonly spoken: Spoken }
  | { readonly who: 'tool'; readonly results: readonly ToolResult[] };

/**
 * Puts into a log in its order what becomes known out of order: a speech model tells the words of a person after it has begun to
 * answer them.
 */
export class LateLog {
  readonly #log: ConversationLog;
  readonly #clock: Clock;
  readonly #transcriptMs: number;
  readonly #early = new Map<string, string>();
  #waiting: Line[] = [];

  /** `transcriptMs`: how long a line waits for its words. 0: they never come. */
  constructor(log: ConversationLog, clock: Clock, transcriptMs: number) {
    this.#log = log;
    this.#clock = clock;
    this.#transcriptMs = transcriptMs;
  }

  /** Whether what somebody said is not known in words yet. */
  get awaitsWords(): boolean {
    return this.#waiting.some((line) => line.who === 'person' && !line.known);
  }

  person(turn: Turn, name: string | undefined): void {
    const early = name === undefined ? undefined : this.#early.get(name);
    const known = early !== undefined || name === undefined || this.#transcriptMs === 0;
    const late = known ? () => {} : this.#clock.at(this.#clock.now() + this.#transcriptMs, () => this.#settle(line));
    const line: PersonLine = { who: 'person', turn, name, text: early ?? turn.text, known, late };
    this.#waiting.push(line);
    this.#write();
  }

  agent(spoken: Spoken): void {
    this.#waiting.push({ who: 'agent', spoken });
    this.#write();
  }

  /** What the tools of one round answered. */
  tools(results: readonly ToolResult[]): void {
    this.#waiting.push({ who: 'tool', results });
    this.#write();
  }

  transcript(name: string, text: string, final: boolean): void {
    for (const line of this.#waiting) {
      if (line.who !== 'person' || line.name !== name || line.known) continue;
      line.text = text;
      if (final) this.#settle(line);
      return;
    }
    if (!final) return;
    this.#early.set(name, text);
    if (this.#early.size > MOST_EARLY) this.#early.delete(this.#early.keys().next().value!);
  }

  /** The words that are waited for will not come: whoever heard them is gone. */
  forget(): void {
    for (const line of this.#waiting) if (line.who === 'person') line.late();
    this.#waiting = this.#waiting.filter((line) => line.who !== 'person' || line.known || line.text !== '');
    for (const line of this.#waiting) if (line.who === 'person') line.known = true;
    this.#write();
  }

  /** Nothing more becomes known. */
  close(): void {
    for (const line of this.#waiting)
      if (line.who === 'person') {
        line.late();
        line.known = true;
      }
    this.#write();
  }

  #settle(line: PersonLine): void {
    line.late();
    line.known = true;
    this.#write();
  }

  #write(): void {
    for (let line = this.#waiting[0]; line !== undefined; line = this.#waiting[0]) {
      if (line.who === 'person' && !line.known) return;
      this.#waiting.shift();
      if (line.who === 'agent') this.#log.agent(line.spoken);
      else if (line.who === 'tool') this.#log.tools(line.results);
      else this.#log.person({ ...line.turn, text: line.text, rejected: line.text === '' });
    }
  }
}
