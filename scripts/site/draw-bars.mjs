// Tables of figures as bars. A page says `<!-- bars -->` above a table whose first column names what was measured, and
// `<!-- bars: one scale -->` where its rows can be compared with each other.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARKED = /^<!-- bars(: one scale)? -->\n((?:\|.*\n?)+)/gm;
const WIDTH = 720;
/** Where bars begin, and the most that one may be long. */
const [LEFT, LONGEST] = [300, 340];
const [BAR, GAP, HEAD] = [16, 14, 40];

/** The text of a page with a picture above each table that asks for one; the pictures are written beside the page. */
export function withBars(text, into, name) {
  let count = 0;
  return text.replace(MARKED, (_, oneScale, table) => {
    const file = `${name}-${++count}.svg`;
    const figures = figuresOf(table, name);
    mkdirSync(join(into, 'bars'), { recursive: true });
    writeFileSync(join(into, 'bars', file), drawBars(figures, oneScale !== undefined));
    return `![${figures.title}](./bars/${file})\n\n${table}`;
  });
}

/** The columns of a table, and the numbers of each row. */
function figuresOf(table, name) {
  const cells = (line) =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split('|')
      .map((cell) => cell.replaceAll('`', '').trim());
  const [[title, ...columns], , ...lines] = table.trim().split('\n').map(cells);
  const rows = lines.map(([label, ...values]) => ({
    label,
    values: values.map((value) => Number(value.replaceAll(',', ''))),
  }));
  const odd = rows.find(({ values }) => values.length !== columns.length || !values.every((value) => value >= 0));
  if (odd !== undefined)
    throw new Error(`${name}: bars are drawn of numbers, one for each column, not of "${odd.label}"`);
  return { title, columns, rows };
}

/** Rows of bars, all on one scale or each on its own, where only what stands in one row is compared. */
function drawBars({ title, columns, rows }, oneScale) {
  const step = columns.length * BAR + GAP;
  const height = HEAD + rows.length * step;
  const mostOf = (some) => Math.max(...some.flatMap(({ values }) => values), Number.MIN_VALUE);
  const isTold = !oneScale && rows.length > 1;
  const text = (x, y, words, more = '') => `<text x="${x}" y="${y}"${more}>${escaped(words)}</text>`;
  let at = 0;
  const legend = columns.map((column, index) => {
    const x = LEFT + at;
    at += 26 + column.length * 7;
    return `<rect class="c${index}" x="${x}" y="10" width="12" height="12"/>${text(x + 17, 16, column)}`;
  });
  const scale = isTold ? text(LEFT - 10, 16, 'each row on its own scale', ' text-anchor="end" class="at"') : '';
  const drawn = rows.flatMap(({ label, values }, row) => {
    const top = HEAD + row * step;
    const most = mostOf(oneScale ? rows : [rows[row]]);
    const bars = values.map((value, index) => {
      const [y, long] = [top + index * BAR, (LONGEST * value) / most];
      const bar = `<rect class="c${index}" x="${LEFT}" y="${y + 1}" width="${long.toFixed(1)}" height="${BAR - 3}"/>`;
      return bar + text(LEFT + Number(long.toFixed(1)) + 6, y + BAR / 2, value.toLocaleString('en'));
    });
    return [text(LEFT - 10, top + (step - GAP) / 2, label, ' text-anchor="end"'), ...bars];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
${[scale, ...legend, ...drawn].join('\n')}
</svg>
`;
}

const STYLE = `svg{color:#1b1f24;background:#fff;font:12px system-ui,sans-serif}
text{fill:currentColor;dominant-baseline:central}.at{opacity:.6;font-size:10px}.c0{fill:#2f81f7}.c1{fill:#bf8700}.c2{fill:#8b949e}.c3{fill:#2da44e}
@media(prefers-color-scheme:dark){svg{color:#e6e9ec;background:#14171a}}`;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
