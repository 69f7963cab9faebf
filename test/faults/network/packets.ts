import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { withProbedCall } from './probed-call.ts';

const LONG_MS = 300_000;
const SAID_MS = 10_000;
const share = (ms: number) => (100 * ms) / SAID_MS;

/** Packets that are lost, late, doubled or overtaken. */
export const packetRows: readonly FaultRow[] = [
  {
    id: 'N1',
    fault: 'Packets are lost at random: 1, 5, 10, 20, 30 %',
    happens: 'The receiver invents what is missing, from what error correction brought of it; nobody is silent',
    bound: 'no silence above 100 ms; invented at most 1.2 times what was lost, and 1 %',
    long: true,
    realTime: true,
    timeoutMs: LONG_MS,
    check: (measured) =>
      withProbedCall(async ({ say }) => {
        for (const loss of [1, 5, 10, 20, 30]) {
          const { report, concealedMs } = await say(SAID_MS, (path) => path.set({ loss: loss / 100 }, 'outgoing'));
          measured(`invented at ${loss} %`, share(concealedMs), '%');
          expect(share(concealedMs)).toBeLessThan(1.2 * loss + 1);
          expect(Math.max(0, ...report.silences.map(({ ms }) => ms))).toBeLessThan(100);
        }
      }),
  },
  {
    id: 'N2',
    fault: 'Packets are lost in bursts: 10 %, five in a row on average',
    happens: 'As with random loss, for longer at a time',
    bound: 'invented at most 12 %',
    long: true,
    realTime: true,
    timeoutMs: LONG_MS,
    check: (measured) =>
      withProbedCall(async ({ say }) => {
        const { report, concealedMs } = await say(SAID_MS, (path) =>
          path.set({ bursts: { enter: 0.022, leave: 0.2 } }, 'outgoing'),
        );
        measured('invented', share(concealedMs), '%');
        measured('longest gap', report.longestGapMs, 'ms');
        expect(share(concealedMs)).toBeLessThan(12);
      }),
  },
  {
    id: 'N3',
    fault: '10 % of the packets come 30 ms late, 10 % twice',
    happens: 'Each is heard once, in order',
    bound: '0 frames twice or out of order',
    realTime: true,
    check: (measured) =>
      withProbedCall(async ({ say }) => {
        const { report, concealedMs } = await say(3_000, (path) =>
          path.set({ reorder: { chance: 0.1, ms: 30 }, duplicate: 0.1 }, 'outgoing'),
        );
        measured('invented', concealedMs, 'ms');
        measured('frames twice', report.duplicates, '');
        expect({ duplicates: report.duplicates, orderErrors: report.orderErrors }).toEqual({
          duplicates: 0,
          orderErrors: 0,
        });
        expect(concealedMs).toBeLessThan(150);
      }),
  },
  {
    id: 'N4',
    fault: 'Packets come 0 to 50, 100, 200, 500 ms late',
    happens: 'The jitter buffer grows, and shrinks again when it is over',
    bound: 'added delay at most 1.5 times the jitter and 60 ms, 60 ms afterwards; no frame out of order',
    long: true,
    realTime: true,
    timeoutMs: LONG_MS,
    check: (measured) =>
      withProbedCall(async ({ say, path }) => {
        for (const jitterMs of [50, 100, 200, 500]) {
          const { report, addedDelayMs } = await say(SAID_MS, () => path.set({ jitterMs }, 'outgoing'));
          measured(`delay added by ${jitterMs} ms`, addedDelayMs, 'ms');
          expect(addedDelayMs).toBeLessThan(1.5 * jitterMs + 60);
          measured(`frames twice by ${jitterMs} ms`, report.duplicates, '');
          expect(report.orderErrors).toBe(0);
          path.set({});
          // The buffer gives back what it kept.
          await say(6_000);
        }
        const { addedDelayMs } = await say(4_000);
        measured('afterwards', addedDelayMs, 'ms');
        expect(addedDelayMs).toBeLessThan(60);
      }),
  },
  {
    id: 'N5',
    fault: 'A path keeps everything back for 60, 120, 200, 500, 1,000 ms',
    happens: 'The end of a word is stretched over it; what comes then is played, a little faster',
    bound: 'invented at most 60 ms longer than it was kept back; the delay is as before after 10 s, to 60 ms',
    long: true,
    realTime: true,
    timeoutMs: LONG_MS,
    check: (measured) =>
      withProbedCall(async ({ say }) => {
        for (const ms of [60, 120, 200, 500, 1_000]) {
          const { concealedMs } = await say(12_000, (path) => path.hold(ms));
          measured(`invented over ${ms} ms`, concealedMs, 'ms');
          expect(concealedMs).toBeLessThan(ms + 60);
          const { addedDelayMs } = await say(1_000);
          expect(Math.abs(addedDelayMs)).toBeLessThan(60);
        }
      }),
  },
];
