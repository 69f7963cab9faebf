/** Something that is wrong with a graph, or was: a sentence of `inspect().problems`, taken apart. */
export interface Diagnostic {
  /** Who, what, and why as far as it is known. */
  readonly text: string;
  /** What to do, without a full stop; undefined where nobody knows. */
  readonly fix?: string;
  /** The node to look at: the culprit, where it is another one than the one that suffers. */
  readonly node?: string;
  /** The link that it is about. */
  readonly link?: string;
  /** Of a fault that has one: its row in docs/errors.md. */
  readonly code?: string;
  /**
   * When it happened first, in milliseconds since the graph's start by its clock. Of what is so and does not happen, when
   * `inspect()` saw it first.
   */
  readonly firstMs: number;
  /** When it happened last; absent while it is so. */
  readonly lastMs?: number;
  /** It has not happened again for half a minute, and `problems` leaves it out. Never of a graph that is over. */
  readonly past: boolean;
}

/** When something happened, in milliseconds since the graph's start. */
export interface Happened {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What is found at one look. Without `when` it is so now; with `lasts`, since then and still. */
export interface Finding extends Pick<Diagnostic, 'text' | 'fix' | 'node' | 'link' | 'code'> {
  readonly when?: Happened | undefined;
  readonly lasts?: boolean;
}

/** It as one sentence. */
export function sentenceOf({ text, fix }: Pick<Diagnostic, 'text' | 'fix'>): string {
  return fix === undefined ? text : `${text}; ${fix}`;
}

/** A finding of a sentence in the words of a node's author: `what is so; what to do`. */
export function findingOf(sentence: string, node: string): Finding {
  const cut = sentence.lastIndexOf('; ');
  const text = cut < 0 ? sentence : sentence.slice(0, cut);
  return { text: `\`${node}\` ${text}`, node, ...(cut < 0 ? {} : { fix: sentence.slice(cut + 2) }) };
}
