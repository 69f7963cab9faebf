import type { Figure } from '../measuring/report.ts';
import type { Comparison } from './against.ts';

/** Widths; what is a number stands to the right. */
type Columns = readonly { readonly width: number; readonly isNumber?: true }[];

const columns: Columns = [
  { width: 40 },
  { width: 10, isNumber: true },
  { width: 16, isNumber: true },
  { width: 12 },
  { width: 27 },
  { width: 10, isNumber: true },
  { width: 8, isNumber: true },
];
const comparisonColumns = columns.filter((_, index) => index !== 2);

export function tableHead(): string {
  return line(columns, ['metric', 'sluice', 'p10 to p90', 'unit', 'peer', 'peer value', 'ratio']);
}

export function tableRow({ metric, value, unit, peer, peer_value, ratio, p10, p90 }: Figure): string {
  return line(columns, [
    metric,
    shortNumber(value),
    p10 === undefined || p90 === undefined ? '' : `${shortNumber(p10)} to ${shortNumber(p90)}`,
    unit,
    peer ?? '',
    peer_value === null ? '' : shortNumber(peer_value),
    ratio === null ? '' : ratio >= 1_000 ? '> 1000' : shortNumber(ratio),
  ]);
}

export function comparisonHead(other: string): string {
  return line(comparisonColumns, ['metric', 'sluice', 'unit', '95 % of the ratio', other, 'ratio']);
}

/** A figure that became worse says so. */
export function comparisonRow({ metric, value, unit, peer_value, ratio, low, high, holds }: Comparison): string {
  const interval = `${low.toFixed(3)} to ${high.toFixed(3)}${holds ? '' : ' WORSE'}`;
  const cells = [metric, shortNumber(value), unit, interval, shortNumber(peer_value), ratio.toFixed(3)];
  return line(comparisonColumns, cells);
}

function line(within: Columns, cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const { width, isNumber } = within[index]!;
    return isNumber ? cell.padStart(width) : cell.padEnd(width);
  });
  return padded.join(' ').trimEnd();
}

/** Three significant digits, no exponent. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(Math.max(digits, 0), 3));
}
