import { readFile } from 'node:fs/promises';

/** An option of a node, as its source declares it. */
export interface NodeOption {
  readonly name: string;
  readonly isRequired: boolean;
  /** As TypeScript. */
  readonly type: string;
  /** What it means, with its unit and its default. */
  readonly about: string;
}

/** What the documentation and its source say of a node. */
export interface NodeEntry {
  readonly name: string;
  /** That exports it. */
  readonly package: string;
  /** With its options: `gain({ db, rampMs })`. */
  readonly call: string;
  /** One sentence. */
  readonly about: string;
  /** What it adds, in words; `-` of what is no node. */
  readonly latency: string;
  /** All of it. */
  readonly description: string;
  /** Markdown; empty where there is none. */
  readonly example: string;
  readonly options: readonly NodeOption[];
}

/** The nodes and models that have a line in docs/nodes.md, as they were when this package was built. */
export async function nodeEntries(): Promise<readonly NodeEntry[]> {
  const text = await readFile(new URL('../../dist/docs/nodes.json', import.meta.url), 'utf8');
  return JSON.parse(text) as readonly NodeEntry[];
}
