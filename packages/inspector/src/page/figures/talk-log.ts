import type { TalkEntry, TalkLine } from '@sluice/core/voice';
import type { TalkNews } from '../../protocol/talk.ts';

/** Entries of a graph that are kept. */
const KEPT_ENTRIES = 2_000;

/** What was said in each graph, with times in milliseconds since 1970. */
export class TalkLog {
  readonly #kept: number;
  readonly #entries = new Map<number, readonly TalkEntry[]>();

  /** @param kept how many entries of a graph */
  constructor(kept = KEPT_ENTRIES) {
    this.#kept = kept;
  }

  clear(): void {
    this.#entries.clear();
  }

  take({ graph, zero, entries }: TalkNews): void {
    const news = entries.map((entry) => shifted(entry, zero));
    this.#entries.set(graph, [...this.of(graph), ...news].slice(-this.#kept));
  }

  /** All that is kept, as it would be told. */
  known(): readonly TalkNews[] {
    return [...this.#entries].map(([graph, entries]) => ({ type: 'talk', graph, zero: 0, entries }));
  }

  /** Of a graph, oldest first; the same list until something is added. */
  of(graph: number): readonly TalkEntry[] {
    return this.#entries.get(graph) ?? NOTHING;
  }
}

const NOTHING: readonly TalkEntry[] = [];

/** When an entry was over. */
export function endOf(entry: TalkEntry): number {
  if (entry.type === 'line') return entry.endMs ?? entry.startMs ?? 0;
  return entry.type === 'turn' ? (entry.steps.at(-1)?.atMs ?? 0) : entry.atMs;
}

function shifted(entry: TalkEntry, by: number): TalkEntry {
  if (entry.type === 'line') return shiftedLine(entry, by);
  if (entry.type === 'turn') return { ...entry, steps: entry.steps.map((step) => ({ ...step, atMs: step.atMs + by })) };
  return { ...entry, atMs: entry.atMs + by };
}

function shiftedLine({ startMs, endMs, ...line }: TalkLine, by: number): TalkLine {
  return {
    ...line,
    ...(startMs === undefined ? {} : { startMs: startMs + by }),
    ...(endMs === undefined ? {} : { endMs: endMs + by }),
    words: line.words.map((word) => ({ ...word, startMs: word.startMs + by, endMs: word.endMs + by })),
  };
}
