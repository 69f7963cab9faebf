import type { Figure } from '../measuring/report.ts';
import type { Comparison } from './against.ts';

const columns = [40, 10, 12, 27, 10, 8] as const;

export function tableHead(): string {
  return line(['metric', 'sluice', 'unit', 'peer', 'peer value', 'ratio']);
}

export function tableRow({ metric, value, unit, peer, peer_value, ratio }: Figure): string {
  return line([
    metric,
    shortNumber(value),
    unit,
    peer ?? '',
    peer_value === null ? '' : shortNumber(peer_value),
    ratio === null ? '' : ratio >= 1_000 ? '> 1000' : shortNumber(ratio),
  ]);
}

export function comparisonHead(other: string): string {
  return line(['metric', 'sluice', 'unit', '95 % of the ratio', other, 'ratio']);
}

/** A figure that became worse says so. */
export function comparisonRow({ metric, value, unit, peer_value, ratio, low, high, holds }: Comparison): string {
  const interval = `${low.toFixed(3)} to ${high.toFixed(3)}${holds ? '' : ' WORSE'}`;
  return line([metric, shortNumber(value), unit, interval, shortNumber(peer_value), ratio.toFixed(3)]);
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const isNumber = index === 1 || index === 4 || index === 5;
    return isNumber ? cell.padStart(columns[index]!) : cell.padEnd(columns[index]!);
  });
  return padded.join(' ').trimEnd();
}

/** Three significant digits, no exponent. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(Math.max(digits, 0), 3));
}
