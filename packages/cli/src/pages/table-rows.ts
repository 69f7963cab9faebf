/** A row of a table on a page. */
export interface TableRow {
  /** The heading above it. */
  readonly heading: string;
  readonly cells: readonly string[];
}

/** The rows of the tables on a page, without their heads. A pipe that is escaped belongs to its cell. */
export function tableRows(page: string): readonly TableRow[] {
  const rows: TableRow[] = [];
  let heading = '';
  for (const [at, line] of page.split('\n').entries()) {
    if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    if (!line.startsWith('|') || /^\|[\s:|-]+$/.test(line)) continue;
    const isHead = /^\|[\s:|-]+$/.test(page.split('\n')[at + 1] ?? '');
    if (!isHead) rows.push({ heading, cells: cellsOf(line) });
  }
  return rows;
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
