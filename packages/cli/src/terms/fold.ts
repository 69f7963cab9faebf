import { stripVTControlCharacters } from 'node:util';

/** Columns of a terminal where nobody knows them. */
export const WIDTH = 80;
/** However narrow the terminal is, and whatever stands to the left. */
const LEAST = 24;

/**
 * Breaks lines at blanks, so that none is wider than `width`. What goes on stands as deep as the line it belongs to, and `hang`
 * deeper. A word that is longer stays whole: it may be a path.
 */
export function fold(text: string, width: number, hang = 0): string {
  return text
    .split('\n')
    .map((line) => foldLine(line, width, hang))
    .join('\n');
}

/** Two columns. The first is as wide as its longest, up to half of the line; what is longer has its second below it. */
export function columns(table: readonly (readonly [string, string])[], width: number): string {
  const left = Math.min(Math.max(0, ...table.map(([text]) => text.length)), Math.floor(width / 2) - 4);
  const rows = table.map(([first, second]) => {
    const told = fold(second, Math.max(width - left - 4, LEAST)).replaceAll('\n', `\n${' '.repeat(left + 4)}`);
    const gap = first.length > left && told !== '' ? `\n${' '.repeat(left + 4)}` : '  ';
    return `  ${first.padEnd(left)}${gap}${told}`.trimEnd();
  });
  return rows.join('\n').concat('\n');
}

function foldLine(line: string, width: number, hang: number): string {
  if (widthOf(line) <= width) return line;
  const depth = line.length - line.trimStart().length;
  const indent = ' '.repeat(Math.min(depth + hang, Math.max(0, width - LEAST)));
  const lines: string[] = [];
  let current = line.slice(0, depth);
  // Blanks of two are of a table: they stay where they do not end a line.
  for (const [, blank = '', word = ''] of line.slice(depth).matchAll(/(\s*)(\S+)/g)) {
    const isFirst = current.trim() === '';
    if (!isFirst && widthOf(`${current}${blank}${word}`) > width) {
      lines.push(current);
      current = `${indent}${word}`;
    } else current += `${blank}${word}`;
  }
  return [...lines, current].join('\n');
}

/** Colours take no room. */
function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
