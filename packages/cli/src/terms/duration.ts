import { wrongUsage } from '../errors.ts';

/** What a timer of Node takes: 24.8 days. A longer one would be over at once. */
const MOST_MS = 2 ** 31 - 1;
const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `30s`, `500ms`, `2m`, `1h`; undefined where nothing was given. */
export function durationMs(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (number === undefined) throw wrongUsage(`--${flag} takes a time like 30s, 500ms, 2m or 1h, not ${text}`);
  const ms = Number(number) * units[unit]!;
  if (ms > MOST_MS) throw wrongUsage(`--${flag} takes 596h at most, not ${text}`);
  return ms;
}
