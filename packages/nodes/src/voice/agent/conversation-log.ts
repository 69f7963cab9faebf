import { SluiceError } from '@sluice/core';
import type { Message, ToolCall, Word } from '@sluice/core/voice';
import type { NodesErrorCode } from '../../errors.ts';
import type { SpokenLine } from '../people/speaker.ts';
import type { HeardWord, Spoken } from '../saying/utterance.ts';
import type { Turn } from '../turns/turn.ts';
import { checkHistory } from './check-history.ts';
import { type ConversationHistory, type HistoryLine, historyOf } from './conversation-history.ts';
import type { ToolResult } from './tool-runs.ts';

/** One line of a conversation, as it was heard. Times are on the clock, in milliseconds. */
export interface LogEntry extends SpokenLine {
  /** Of the turn, of the utterance, or of the call. */
  readonly id: string;
  /** What was understood, or heard, or what a tool answered. */
  readonly text: string;
  /** The same word by word, as far as word times are known. */
  readonly words: readonly (Word | HeardWord)[];
  /** The agent was cut short; `planned` is what it had meant to say. */
  readonly interrupted?: boolean;
  /** What it had meant to say, where it was cut short. */
  readonly planned?: string;
  /** Of what was cut short: its sound that was heard, in milliseconds. */
  readonly heardMs?: number;
  /** Of what was cut short: its sound that was made for nothing, in milliseconds. */
  readonly droppedMs?: number;
  /** Something was said that was not understood. */
  readonly rejected?: boolean;
  /** What a tool was asked, and the round in which the model did so: several have the same. */
  readonly call?: ToolCall;
  /** The round in which the model asked a tool: several calls have the same. */
  readonly round?: string;
  /** It was said before this conversation began here: what `recall` was given. */
  readonly recalled?: boolean;
}

/** What is known of a line beside the words: who it was, whom they meant, and over whom they spoke. */
type ToldOfPerson = Pick<SpokenLine, 'speaker' | 'speakerName' | 'addressed' | 'over'>;
/** What somebody says who may not be done. */
export type SayingLine = Pick<SpokenLine, 'text' | 'speaker' | 'speakerName'>;
type ToldOfAgent = Pick<SpokenLine, 'to' | 'over'>;

export interface MessagesOptions {
  /** With the names of people. Default false. */
  readonly named?: boolean;
  /** Id of the line that is replied to, if it is not the last: others spoke meanwhile, or the agent replied to them first. */
  readonly last?: string;
  /** What somebody says and may not have said in full: it stands last, and in no log. */
  readonly next?: SayingLine;
}

/**
 * What was said and heard, in order; the only source of what a model is told of the past. Each line comes in once: a turn when
 * it is over, what a tool answered when it has, a reply when it is known what was heard of it. One that was cut may become known
 * after the turn that cut it, and stands before all turns that began under it.
 */
export class ConversationLog {
  readonly #entries: LogEntry[] = [];
  readonly #ids = new Set<string>();
  #rounds = 0;
  readonly #onEntry: ((entry: LogEntry) => void) | undefined;

  constructor(onEntry?: (entry: LogEntry) => void) {
    this.#onEntry = onEntry;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  person({ id, text, words, rejected, voicedStartMs, voicedEndMs }: Turn, told: ToldOfPerson = {}): void {
    const times = { startMs: voicedStartMs, endMs: voicedEndMs };
    this.#add({ who: 'person', id: `t${id}`, text, ...times, words, ...told, ...(rejected ? { rejected } : {}) });
  }

  agent(spoken: Spoken, told: ToldOfAgent = {}): void {
    const { id, text, heardText, words, interrupted, startedMs, endedMs, heardMs, droppedMs } = spoken;
    const cut = interrupted ? { interrupted, planned: text, heardMs, droppedMs } : {};
    this.#add({ who: 'agent', id, text: heardText, startMs: startedMs, endMs: endedMs, words, ...told, ...cut });
  }

  /** What the tools answered that a model asked for in one go. */
  tools(results: readonly ToolResult[]): void {
    const round = `c${++this.#rounds}`;
    for (const [index, { call, text, startMs, endMs }] of results.entries())
      this.#add({ who: 'tool', id: `${round}.${index + 1}`, text, startMs, endMs, words: [], call, round });
  }

  /** The conversation for a language model: what was heard, what its tools answered, and nothing else. */
  messages(system?: string, { named = false, last, next }: MessagesOptions = {}): Message[] {
    const lines: Message[] = system === undefined ? [] : [{ role: 'system', text: system }];
    const isLast = ({ id }: LogEntry) => id === last;
    const entries = [...this.#entries.filter((entry) => !isLast(entry)), ...this.#entries.filter(isLast)];
    let open: string | undefined;
    for (const entry of entries) {
      if (entry.call !== undefined) {
        if (entry.round !== open) lines.push({ role: 'assistant', text: '', calls: this.#callsOf(entry.round) });
        open = entry.round;
        lines.push({ role: 'tool', callId: entry.call.callId, text: entry.text });
      } else if (entry.text !== '') lines.push(spokenLine(entry, named));
    }
    if (next !== undefined) lines.push(spokenLine({ who: 'person', ...next }, named));
    return lines;
  }

  /** What was said and heard as plain JSON, the newest lines of it; see `recall`. @param underWay What is being heard. */
  history(underWay: readonly HistoryLine[] = []): ConversationHistory {
    return historyOf([...this.#entries, ...underWay]);
  }

  /**
   * Begins with what was said and heard elsewhere, as `history` gave it. `onEntry` is not told of it.
   *
   * @throws SluiceError `SLUICE_HISTORY_VERSION` and `SLUICE_HISTORY_FORM` for what is no history, `SLUICE_HISTORY_LATE` where something
   *   stands in the log
   */
  recall(history: ConversationHistory): void {
    checkHistory(history);
    const code: NodesErrorCode = 'SLUICE_HISTORY_LATE';
    if (this.#entries.length > 0)
      throw new SluiceError(code, 'a conversation is recalled that has begun already', {
        fix: 'Recall it once, before anything is said or heard',
      });
    const rounds = new Map<string, string>();
    for (const [index, { round, ...line }] of history.lines.entries()) {
      if (round !== undefined && !rounds.has(round)) rounds.set(round, `h${rounds.size + 1}`);
      const inRound = round === undefined ? {} : { round: rounds.get(round)! };
      const times = { startMs: undefined, endMs: undefined, words: [] };
      this.#entries.push({ ...line, ...times, ...inRound, id: `h${index + 1}`, recalled: true });
    }
  }

  /** As JSON lines. */
  toString(): string {
    return this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  }

  #callsOf(round: string | undefined): ToolCall[] {
    return this.#entries.flatMap((entry) => (entry.round === round ? (entry.call ?? []) : []));
  }

  #add(entry: LogEntry): void {
    if (this.#ids.has(entry.id)) return;
    this.#ids.add(entry.id);
    this.#entries.splice(this.#placeOf(entry), 0, entry);
    this.#onEntry?.(entry);
  }

  #placeOf({ interrupted = false, startMs }: LogEntry): number {
    const began = interrupted ? startMs : undefined;
    if (began === undefined) return this.#entries.length;
    const before = ({ who, startMs = 0 }: LogEntry) => who !== 'person' || startMs <= began;
    return this.#entries.findLastIndex(before) + 1;
  }
}

function spokenLine(
  { who, text, speaker, speakerName = speaker }: SayingLine & Pick<LogEntry, 'who'>,
  named: boolean,
): Message {
  if (who === 'agent') return { role: 'assistant', text };
  return { role: 'user', text, ...(named && speakerName !== undefined ? { name: speakerName } : {}) };
}
