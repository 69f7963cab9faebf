import { setTimeout as wait } from 'node:timers/promises';
import { realClock } from '@sluice/core';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { withPictures } from './pictures.ts';
import { withProbedCall } from './probed-call.ts';

const WIDE = { bitsPerSecond: 2_000_000, queueMs: 400 };
const NARROW = { bitsPerSecond: 150_000, queueMs: 400 };

/** Waits for a condition, and returns how long that took, in milliseconds; for ever is `limitMs`. */
async function took(condition: () => boolean, limitMs: number): Promise<number> {
  const begun = realClock.now();
  while (!condition() && realClock.now() < begun + limitMs) await wait(50);
  return realClock.now() - begun;
}

/** Paths that carry little, or small packets, or that move. */
export const narrowRows: readonly FaultRow[] = [
  {
    id: 'N12',
    fault: 'A path carries packets of at most 1,232, then 1,100, then 576 bytes',
    happens:
      'Sound is as before, as its packets are smaller. Pictures come as well where the path carries what IPv6 has to, 1,232 bytes and headers; where it carries less the larger of their packets are lost, and they falter or stand still, which nobody is told of',
    bound: '0 gaps; 10 pictures a second at 1,232',
    realTime: true,
    long: true,
    check: (measured) =>
      withProbedCall((call) =>
        withPictures(call, async ({ count }) => {
          await took(() => count() > 0, 10_000);
          for (const mtu of [1_232, 1_100, 576]) {
            let before = 0;
            const { report } = await call.say(2_000, (path) => {
              path.set({ mtu });
              before = count();
            });
            measured(`gaps at ${mtu}`, report.gaps.length, '');
            measured(`pictures at ${mtu}`, count() - before, '');
            expect(report.gaps).toEqual([]);
            if (mtu === 1_232) expect(count() - before).toBeGreaterThan(20);
          }
        }),
      ),
  },
  {
    id: 'N14',
    fault: 'A NAT forgets a path: the same address under another port',
    happens:
      'Sound comes over the new port as soon as the far side knows it. The engine asks along a path that has stood for some seconds each 2.5 s and takes no sound from a port that has not asked, so alone it takes 0.1 to 2.5 s, which no setting of it shortens; the restart of ICE after 1.5 s of silence bounds that. A restart that comes earlier would take a pause of a second, which a busy machine makes, for a break, and eight of them wear a connection out: 1.5 s and the restart is what is ours to give',
    bound: 'a gap of 2.5 s',
    long: true,
    realTime: true,
    check: (measured) =>
      withProbedCall(async ({ say }) => {
        const { report } = await say(5_000, (path) => path.rebind());
        measured('gap', report.longestGapMs, 'ms');
        expect(report.longestGapMs).toBeLessThan(2_500);
        expect(report.arrivals.at(-1)?.index).toBeGreaterThan(300);
      }),
  },
  {
    id: 'N16',
    fault: 'The path carries 2 Mbit/s, then 150 kbit/s, then 2 Mbit/s',
    happens:
      'As soon as what the engine takes the path to carry falls by half and goes on to fall, within half a second, pictures are bounded to a small part of it, until it is found out: sound goes first. Sound is lost as long as the queue of the path is full of pictures, none after that, and pictures have their bits again some seconds after the path has',
    bound:
      '1.4 s of sound invented in the first 4 s, then 5 %, and pictures within the rate; twice that rate 25 s after the end',
    long: true,
    realTime: true,
    timeoutMs: 180_000,
    check: (measured) =>
      withProbedCall((call) =>
        withPictures(call, async ({ count, rate }) => {
          const { path } = call;
          path.set(WIDE);
          await took(() => rate() > 2 * NARROW.bitsPerSecond, 25_000);
          const wide = rate();
          measured('pictures', wide / 1_000, 'kbit/s');
          const { concealedMs: atOnce } = await call.say(4_000, () => path.set(NARROW));
          measured('invented in the first 4 s', (100 * atOnce) / 4_000, '%');
          const { concealedMs: then } = await call.say(8_000);
          measured('invented in the next 8 s', (100 * then) / 8_000, '%');
          measured('pictures on the narrow path', rate() / 1_000, 'kbit/s');
          expect(atOnce).toBeLessThan(1_400);
          expect(then).toBeLessThan(8_000 / 20);
          expect(rate()).toBeLessThan(NARROW.bitsPerSecond);
          const before = count();
          await wait(3_000);
          measured('of them', count() - before, 'in 3 s');
          expect(count()).toBeGreaterThan(before);
          path.set(WIDE);
          measured('wide again after', await took(() => rate() > 2 * NARROW.bitsPerSecond, 25_000), 'ms');
          expect(rate()).toBeGreaterThan(2 * NARROW.bitsPerSecond);
        }),
      ),
  },
];
