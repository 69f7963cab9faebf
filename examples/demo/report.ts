import type { Comparison } from './compare-audio.ts';
import type { Seen } from './messages.ts';
import { median } from './verdict.ts';

/** Load of a bot while it spoke or listened: parts of one processor core, 0 to 1. */
export interface Load {
  readonly own: number;
  /** Of the process that runs its media engine. */
  readonly engine: number;
}

export interface Report {
  readonly comparison: Comparison;
  readonly sentMs: number;
  /** From leaving the microphone to being heard at the speaker. */
  readonly delayMs: number;
  /** Times that the microphone had nothing to play in the middle of the sound. */
  readonly underruns: number;
  /** Undefined without pictures. */
  readonly seen: Seen | undefined;
  /** How far pictures were from the sound when they were shown. */
  readonly skewMs: { readonly p50: number; readonly p99: number } | undefined;
  readonly speaker: Load | undefined;
  readonly listener: Load | undefined;
  readonly files: readonly string[];
  /** Why what was heard is not what was sent. */
  readonly faults: readonly string[];
}

/** The report as lines of text. */
export function reportLines(report: Report): string[] {
  const { comparison, sentMs, delayMs, faults } = report;
  const { stretchMs, correlation, gaps, longestGapMs, snrDb, windows } = comparison;
  const compared = windows > 0;
  const perceived = report.seen === undefined ? 'What was heard' : 'What was heard and seen';
  const rows: readonly (readonly [string, string])[] = [
    ['sent', `${(sentMs / 1000).toFixed(2)} s`],
    ['heard', compared ? `${((sentMs + stretchMs) / 1000).toFixed(2)} s` : 'silence was sent'],
    ['one-way delay', compared ? `${delayMs.toFixed(0)} ms, microphone to speaker` : '-'],
    ['gaps', String(gaps)],
    ['longest gap', `${longestGapMs.toFixed(0)} ms`],
    ['correlation', compared ? correlation.toFixed(3) : '-'],
    ['SNR after alignment', compared ? `${snrDb.toFixed(1)} dB` : '-'],
    ['underruns', String(report.underruns)],
    ...pictureRows(report),
    ['CPU, speaker bot', describeLoad(report.speaker)],
    ['CPU, listener bot', describeLoad(report.listener)],
    ['files', report.files.join('  ')],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    ...(faults.length === 0
      ? [`  ${perceived} is what was sent.`]
      : [`  ${perceived} is not what was sent:`, ...faults.map((fault) => `  - ${fault}`)]),
  ];
}

function pictureRows({ seen, skewMs }: Report): (readonly [string, string])[] {
  if (seen === undefined) return [];
  const { pictures, missing, backwards, seconds, psnrDb } = seen;
  return [
    ['pictures', `${pictures} in ${seconds.toFixed(2)} s, ${missing} left out, ${backwards} out of order`],
    ['PSNR of pictures', `${median(psnrDb).toFixed(1)} dB, at least ${Math.min(...psnrDb).toFixed(1)} dB`],
    ...(skewMs === undefined
      ? []
      : [['lip sync', `off by ${skewMs.p50.toFixed(1)} ms, p99 ${skewMs.p99.toFixed(1)} ms`] as const]),
  ];
}

function describeLoad(load: Load | undefined): string {
  if (load === undefined) return 'not told by this system';
  return `${percent(load.own + load.engine)} of a core (engine ${percent(load.engine)})`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
