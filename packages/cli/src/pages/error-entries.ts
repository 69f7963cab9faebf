import { readPage } from './pages.ts';
import { tableRows } from './table-rows.ts';

/** What the documentation says of a code. */
export interface ErrorEntry {
  readonly code: string;
  /** Whose it is: `Core`. */
  readonly area: string;
  readonly happened: string;
  readonly advice: string;
  /** Where that stands. */
  readonly docs: string;
}

/** All codes of docs/errors.md. */
export async function errorEntries(): Promise<readonly ErrorEntry[]> {
  const { text } = await readPage('errors');
  return tableRows(text).flatMap(({ heading, cells: [first = '', happened = '', advice = ''] }) => {
    const code = /`(SLUICE_\w+)`/.exec(first)?.[1];
    if (code === undefined) return [];
    return [{ code, area: heading, happened, advice, docs: `docs/errors.md#${code.toLowerCase()}` }];
  });
}
