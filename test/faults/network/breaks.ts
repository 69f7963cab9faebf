import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { type Heard, withProbedCall } from './probed-call.ts';

const LONG_MS = 300_000;

/** Since the fault began, in milliseconds; undefined where it was not told. */
const toldAfter = ({ events, startedMs }: Heard, what: string) => {
  const event = events.find((each) => each.what === what);
  return event === undefined ? Number.NaN : event.atMs - startedMs;
};
/** The first frame that was heard after `ms` of the fault, from then on. */
const backAfter = ({ report, startedMs }: Heard, ms: number) =>
  (report.arrivals.find(({ at }) => at > startedMs + ms)?.at ?? Number.NaN) - startedMs - ms;

/** Paths that are cut, for a while or one way, or that become long. */
export const breakRows: readonly FaultRow[] = [
  {
    id: 'N6',
    fault: 'A path is cut for 0.2, 1, 2, 4, 7, 12 s',
    happens:
      'Told as `network-connection` with `interrupted` when it lasts, and `connected`; sound is back with the path, in the same session',
    bound: 'told 2 s after the cut; sound is back 300 ms after its end, which is told 200 ms later at most',
    long: true,
    realTime: true,
    timeoutMs: LONG_MS,
    check: (measured) =>
      withProbedCall(async ({ say }) => {
        for (const ms of [200, 1_000, 2_000, 4_000, 7_000, 12_000]) {
          const heard = await say(ms + 2_000, (path) => path.cut(ms));
          measured(`back after ${ms / 1_000} s`, backAfter(heard, ms), 'ms');
          expect(backAfter(heard, ms)).toBeLessThan(300);
          if (ms < 3_000) continue;
          measured('told after', toldAfter(heard, 'media interrupted'), 'ms');
          expect(toldAfter(heard, 'media interrupted')).toBeLessThan(2_000);
          const later = toldAfter(heard, 'media connected') - ms - backAfter(heard, ms);
          measured('its end after sound', later, 'ms');
          expect(later).toBeLessThan(200);
        }
      }),
  },
  {
    id: 'N7',
    fault: 'A path is cut for 20, 30, 55 s',
    happens: 'The same call goes on, with the same session',
    bound: 'sound is back 1 s after the end',
    long: true,
    realTime: true,
    timeoutMs: LONG_MS,
    check: (measured) =>
      withProbedCall(async ({ say, speaker }) => {
        const { id } = speaker.participants().local;
        for (const ms of [20_000, 30_000, 55_000]) {
          const heard = await say(ms + 4_000, (path) => path.cut(ms));
          measured(`back after ${ms / 1_000} s`, backAfter(heard, ms), 'ms');
          expect(backAfter(heard, ms)).toBeLessThan(1_000);
          expect(speaker.participants().local.id).toBe(id);
        }
      }),
  },
  {
    id: 'N8',
    fault: 'A path is cut one way for 7 s, in each direction',
    happens: 'As a cut; who hears nothing any more is told',
    bound: 'told 2 s after the cut; sound is back 300 ms after its end',
    long: true,
    realTime: true,
    timeoutMs: LONG_MS,
    check: (measured) =>
      withProbedCall(async ({ say }) => {
        const away = await say(9_000, (path) => path.cut(7_000, 'outgoing'));
        measured('back', backAfter(away, 7_000), 'ms');
        measured('told after', toldAfter(away, 'media interrupted'), 'ms');
        expect(backAfter(away, 7_000)).toBeLessThan(300);
        expect(toldAfter(away, 'media interrupted')).toBeLessThan(2_000);
        const towards = await say(9_000, (path) => path.cut(7_000, 'incoming'));
        measured('back, the other way', backAfter(towards, 7_000), 'ms');
        expect(backAfter(towards, 7_000)).toBeLessThan(300);
      }),
  },
  {
    id: 'N17',
    fault: 'The way there and back takes 400 ms instead of 20',
    happens: 'No path is taken for broken, no frame is lost',
    bound: '0 interruptions told',
    realTime: true,
    long: true,
    check: (measured) =>
      withProbedCall(async ({ say, path }) => {
        path.set({ delayMs: 10 });
        await wait(500);
        const { report, events } = await say(4_000, () => path.set({ delayMs: 200 }));
        measured('interruptions', events.length, '');
        measured(
          'frames lost',
          report.gaps.reduce((sum, { frames }) => sum + frames, 0),
          '',
        );
        expect(events).toEqual([]);
        expect(report.arrivals.at(-1)?.index).toBeGreaterThan(290);
      }),
  },
];
