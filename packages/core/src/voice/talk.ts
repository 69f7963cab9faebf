/** A word and when it was spoken, on the graph's clock in milliseconds. */
export interface TalkWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A line of a conversation as it was understood or heard. */
export interface TalkLine {
  readonly type: 'line';
  readonly id: string;
  readonly who: 'person' | 'agent' | 'tool';
  /** Who spoke, of people; which tool answered. */
  readonly speaker?: string;
  readonly text: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly words: readonly TalkWord[];
  /** It was cut short; what it was to be stands in `planned`. */
  readonly interrupted?: boolean;
  readonly planned?: string;
  /** Of what was cut short: its sound that was heard, in milliseconds. */
  readonly heardMs?: number;
  /** Of what was cut short: its sound that was made and that nobody heard, in milliseconds. */
  readonly droppedMs?: number;
}

/** A moment on the way from somebody's last voiced sample to the first audible one of the reply. */
export interface TalkStep {
  readonly name: string;
  /** Whose the stretch is that it ends: `turn`, `model`, `sentence`, `synthesizer`, `device`. */
  readonly owner: string;
  readonly atMs: number;
}

/** How a reply came about. Its steps are in the order of their times; the first is the last voiced sample. */
export interface TalkTurn {
  readonly type: 'turn';
  /** Ids of the lines. */
  readonly asked: string;
  readonly reply: string;
  readonly steps: readonly TalkStep[];
  readonly interrupted: boolean;
  /** Of the span that somebody made of it, 32 hexadecimal digits; absent where nobody traces. */
  readonly traceId?: string;
}

/** Somebody began or ceased to speak. */
export interface TalkSpeech {
  readonly type: 'speech';
  readonly speaker: string;
  readonly speaking: boolean;
  readonly atMs: number;
}

/** Something that happened in a conversation: a state of the agent, an interruption, a doubt. */
export interface TalkMark {
  readonly type: 'mark';
  readonly kind: 'state' | 'interrupted' | 'paused' | 'resumed' | 'silent' | 'apology' | 'switched' | 'problem';
  readonly text: string;
  readonly atMs: number;
}

/** What is kept of a conversation, told apart by `type`. Times are on the graph's clock, in milliseconds. */
export type TalkEntry = TalkLine | TalkTurn | TalkSpeech | TalkMark;

/** Entries that are kept: some hundred turns. */
const MOST_ENTRIES = 1_000;

/** The last of what was said in a graph: whoever talks adds to it, whoever looks takes what is new. */
export class Talk {
  readonly #entries: TalkEntry[] = [];
  #count = 0;

  /** How many were ever added. */
  get count(): number {
    return this.#count;
  }

  /** Adds an entry, which stays as it is; the oldest is forgotten for it. */
  add(entry: TalkEntry): void {
    this.#count++;
    this.#entries.push(entry);
    if (this.#entries.length > MOST_ENTRIES) this.#entries.shift();
  }

  /** Those that are kept of what was added after the first `count`, oldest first. */
  since(count: number): readonly TalkEntry[] {
    const news = this.#count - count;
    return news <= 0 ? [] : this.#entries.slice(-news);
  }
}

const talks = new WeakMap<object, Talk>();

/**
 * The talk of a graph: agents that are built into it write it, an inspector shows it.
 *
 * @param graph a graph, whether anybody talks in it or not
 */
export function talkOf(graph: object): Talk {
  const talk = talks.get(graph) ?? new Talk();
  talks.set(graph, talk);
  return talk;
}
