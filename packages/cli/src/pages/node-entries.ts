import { readPage } from './pages.ts';
import { tableRows } from './table-rows.ts';

/** What docs/nodes.md says of a node. */
export interface NodeEntry {
  readonly name: string;
  /** With its options: `gain({ db, rampMs })`. */
  readonly call: string;
  readonly about: string;
  /** What it adds, in words. */
  readonly latency: string;
}

/** The nodes that have a line on the page. */
export async function nodeEntries(): Promise<readonly NodeEntry[]> {
  const { text } = await readPage('nodes');
  return tableRows(text).flatMap(({ cells: [calls = '', about = '', latency = ''] }) =>
    [...calls.matchAll(/`((\w+)(?:[^`]*))`/g)].map(([, call, name]) => ({ name: name!, call: call!, about, latency })),
  );
}
