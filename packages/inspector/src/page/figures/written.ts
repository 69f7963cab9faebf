import type { GraphSample } from '../../protocol/messages.ts';

/** A count, short: 1234 as 1,234, more than a million as 1.2 M. */
export function writeCount(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return Math.round(count).toLocaleString('en');
}

/** `1 frame`, `3 problems` */
export function writeMany(count: number, what: string): string {
  return `${writeCount(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** What a node is made of, without its name: `fromTone` of `mic [fromTone]`. */
export function writeMade({ id, description }: { readonly id: string; readonly description: string }): string {
  return description.replace(`${id} `, '').replace(/^\[(.*)\]$/, '$1');
}

/** Frames in a second. */
export function writeRate(rate: number): string {
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en')}/s`;
}

/** Milliseconds, as seconds where there are many. */
export function writeMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${ms < 10 && ms > 0 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** Microseconds, as milliseconds where there are many. */
export function writeMicros(micros: number): string {
  return micros >= 1_000 ? writeMs(micros / 1_000) : `${micros < 10 ? micros.toFixed(1) : Math.round(micros)} µs`;
}

/** How old frames were, in milliseconds: the median and the most of nearly all. Of sessions that older versions recorded it is not known. */
export function writeAges({ ageP50, ageP95 }: Partial<GraphSample['links']> = {}, index: number): string {
  const ages = [ageP50?.[index], ageP95?.[index]].filter((age) => typeof age === 'number');
  return ages.length === 0 ? 'not known' : ages.map(writeMs).join(', ');
}

/** Bits in a second. */
export function writeBits(bits: number): string {
  return bits >= 1e6 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bits / 1_000)} kbit/s`;
}

/** A share of 0 to 1. */
export function writeShare(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  return `${Math.round(100 * share)} %`;
}

/** The clock time of a moment, in milliseconds since 1970, to a tenth. */
export function writeTime(t: number): string {
  const date = new Date(t);
  const two = (value: number) => String(value).padStart(2, '0');
  const tenth = Math.floor(date.getMilliseconds() / 100);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${tenth}`;
}

/** The format of a link without what goes without saying: `audio s16 48000 Hz mono` as `48 kHz mono`. */
export function writeFormat(format: string | undefined): string {
  if (format === undefined) return 'nothing yet';
  return format
    .replace(/^audio s16 /, '')
    .replace(/^video /, '')
    .replace(/(\d+) Hz/, (_, rate: string) => `${Number(rate) / 1_000} kHz`);
}

/** How long something is ago, in milliseconds: `34 s ago`, `2 min 5 s ago`. */
export function writeAgo(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (minutes === 0) return `${rest} s ago`;
  return rest === 0 ? `${minutes} min ago` : `${minutes} min ${rest} s ago`;
}
