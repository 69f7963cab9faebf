import type { Message, Word } from '@sluice/core/voice';
import type { SpokenLine } from '../people/speaker.ts';
import type { HeardWord, Spoken } from '../saying/utterance.ts';
import type { Turn } from '../turns/turn-taker.ts';

/** One line of a conversation, as it was heard. Times are on the clock, in milliseconds. */
export interface LogEntry extends SpokenLine {
  /** Of the turn, or of the utterance. */
  readonly id: string;
  /** What was understood, or heard. */
  readonly text: string;
  readonly words: readonly (Word | HeardWord)[];
  /** The agent was cut short; `planned` is what it had meant to say. */
  readonly interrupted?: boolean;
  readonly planned?: string;
  /** Something was said that was not understood. */
  readonly rejected?: boolean;
}

/** What is known of a line beside the words: who it was, whom they meant, and over whom they spoke. */
type ToldOfPerson = Pick<SpokenLine, 'speaker' | 'speakerName' | 'addressed' | 'over'>;
type ToldOfAgent = Pick<SpokenLine, 'to' | 'over'>;

export interface MessagesOptions {
  /** With the names of people. Default false. */
  readonly named?: boolean;
  /** Id of the line that is replied to, if it is not the last: others spoke meanwhile, or the agent replied to them first. */
  readonly last?: string;
}

/** What was said and heard, in order; the only source of what a model is told of the past. Each line comes in once. */
export class ConversationLog {
  readonly #entries: LogEntry[] = [];
  readonly #ids = new Set<string>();
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

  agent({ id, text, heardText, words, interrupted, startedMs, endedMs }: Spoken, told: ToldOfAgent = {}): void {
    const cut = interrupted ? { interrupted, planned: text } : {};
    this.#add({ who: 'agent', id, text: heardText, startMs: startedMs, endMs: endedMs, words, ...told, ...cut });
  }

  /** The conversation for a language model: what was heard, and nothing else. */
  messages(system?: string, { named = false, last }: MessagesOptions = {}): Message[] {
    const heard = this.#entries.filter(({ text }) => text !== '');
    const said = [...heard.filter(({ id }) => id !== last), ...heard.filter(({ id }) => id === last)];
    const lines = said.map(({ who, text, speaker, speakerName = speaker }): Message => {
      if (who === 'agent') return { role: 'assistant', text };
      return { role: 'user', text, ...(named && speakerName !== undefined ? { name: speakerName } : {}) };
    });
    return system === undefined ? lines : [{ role: 'system', text: system }, ...lines];
  }

  /** As JSON lines. */
  toString(): string {
    return this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  }

  #add(entry: LogEntry): void {
    if (this.#ids.has(entry.id)) return;
    this.#ids.add(entry.id);
    this.#entries.push(entry);
    this.#onEntry?.(entry);
  }
}
