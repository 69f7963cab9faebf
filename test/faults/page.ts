import { type FaultPart, type FaultRow, heldBy } from './fault-row.ts';

const begin = '<!-- catalogue: made of test/faults by npx vitest run --project integration test/faults/ -u -->';
const end = '<!-- catalogue: end -->';

/** What a row measured when it was tried last, and on which day. */
export interface Figures {
  readonly on: string;
  readonly figures: string;
}

/** The page with the tables of the catalogue between its markers. `measured` is by row. */
export function withCatalogue(
  page: string,
  parts: readonly FaultPart[],
  measured: Readonly<Record<string, Figures>>,
): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error('docs/faults.md has lost the markers of its catalogue');
  const table = ({ title, rows }: FaultPart) =>
    `### ${title}\n\n| | fault | what happens | bound | measured | test |\n| --- | --- | --- | --- | --- | --- |\n${rows
      .map((row) =>
        [row.id, row.fault, row.happens, row.bound, figuresOf(measured[row.id]), proof(row)].map(cell).join(' | '),
      )
      .map((line) => `| ${line} |\n`)
      .join('')}`;
  const tables = parts.filter(({ rows }) => rows.length > 0).map(table);
  return `${page.slice(0, from)}${begin}\n\n${tables.join('\n')}\n${page.slice(to)}`;
}

function figuresOf(measured: Figures | undefined): string {
  return measured === undefined ? '' : `${measured.figures} (${measured.on})`;
}

function proof(row: FaultRow): string {
  if ('untested' in row) return `none: ${row.untested}`;
  const here = 'check' in row ? [row.long ? '`npm run faults`' : 'here'] : [];
  const elsewhere = heldBy(row).map(({ file }) => `[${file.split('/').at(-1)}](../${file})`);
  return [...here, ...new Set(elsewhere)].join(', ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
