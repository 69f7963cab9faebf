import { type FaultPart, type FaultRow, heldBy } from './fault-row.ts';

const begin = '<!-- catalogue: made of test/faults by npx vitest run --project integration test/faults/ -u -->';
const end = '<!-- catalogue: end -->';

/** The page with the tables of the catalogue between its markers. `figures` are by row. */
export function withCatalogue(
  page: string,
  parts: readonly FaultPart[],
  figures: Readonly<Record<string, string>>,
): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error('docs/faults.md has lost the markers of its catalogue');
  const table = ({ title, rows }: FaultPart) =>
    `### ${title}\n\n| | fault | what happens | bound | measured | test |\n| --- | --- | --- | --- | --- | --- |\n${rows
      .map((row) =>
        [row.id, row.fault, row.happens, row.bound, figures[row.id] ?? '', proof(row)].map(cell).join(' | '),
      )
      .map((line) => `| ${line} |\n`)
      .join('')}`;
  const tables = parts.filter(({ rows }) => rows.length > 0).map(table);
  return `${page.slice(0, from)}${begin}\n\n${tables.join('\n')}\n${page.slice(to)}`;
}

function proof(row: FaultRow): string {
  if ('untested' in row) return `none: ${row.untested}`;
  if ('check' in row) return row.long ? '`npm run faults`' : 'here';
  return [...new Set(heldBy(row).map(({ file }) => `[${file.split('/').at(-1)}](../${file})`))].join(', ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
