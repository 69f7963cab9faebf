import type { Graph } from '@sluice/core';
import { type TalkEntry, talkOf } from '@sluice/core/voice';
import type { TalkNews } from '../protocol/talk.ts';

/** Takes from a graph what was said in it, with words only where these may be told. */
export class TalkWatch {
  readonly #id: number;
  readonly #graph: Graph;
  readonly #media: boolean;
  readonly #zero: number;
  #told = 0;

  constructor(id: number, graph: Graph, media: boolean) {
    this.#id = id;
    this.#graph = graph;
    this.#media = media;
    this.#zero = Date.now() - graph.clock.now();
  }

  /** What was said since this was asked last; undefined for nothing. */
  look(): TalkNews | undefined {
    const talk = talkOf(this.#graph);
    if (talk.count === this.#told) return undefined;
    const news = this.#news(talk.since(this.#told));
    this.#told = talk.count;
    return news;
  }

  /** All that is kept; undefined for nothing. */
  kept(): TalkNews | undefined {
    const talk = talkOf(this.#graph);
    return talk.count === 0 ? undefined : this.#news(talk.since(0));
  }

  #news(entries: readonly TalkEntry[]): TalkNews {
    const told = this.#media ? entries : entries.map(wordless);
    return { type: 'talk', graph: this.#id, zero: this.#zero, entries: told };
  }
}

/** When, and who: not what. */
function wordless(entry: TalkEntry): TalkEntry {
  if (entry.type !== 'line') return entry;
  const { planned, ...line } = entry;
  return { ...line, text: '', words: line.words.map((word) => ({ ...word, text: '' })) };
}
