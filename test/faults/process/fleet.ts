import { setTimeout as wait } from 'node:timers/promises';
import type { BotContext } from '@sluice/fleet';
import { expect } from 'vitest';
import { type Name, SpokenFleet } from '../../spoken-fleet.ts';
import type { FaultRow } from '../fault-row.ts';

/** How long after its last word a worker is given up. */
const LEASE_MS = 2_000;
/** How long NATS is away. */
const AWAY_MS = 60_000;
const ROOMS = ['hall', 'stage'];
const WORKERS: readonly Name[] = ['first', 'second'];
/** 10 ms each: what a listener hears may be stretched or cut where a jitter buffer finds its size. */
const PAUSE = 6;

/** A bot that speaks in a room of its own, and keeps how often it counted meanwhile. */
function countingSpeaker(fleet: SpokenFleet, name: Name) {
  return async (context: BotContext) => {
    const bot = await fleet.speaker(name, context.job)(context);
    let { n } = (await context.kept<{ n: number }>()) ?? { n: 0 };
    const timer = setInterval(() => context.keep({ n: ++n }), 50);
    context.signal.addEventListener('abort', () => clearInterval(timer));
    return bot;
  };
}

/** What becomes of bots in calls when those go who place them. */
export const fleetRows: readonly FaultRow[] = [
  {
    id: 'P21',
    fault: 'The NATS server of a fleet is killed or cut off, for 60 s',
    happens:
      'Bots go on in their calls where they are, and none is started, for as long as it is away. When it is back nothing moves, no job is written, each bot is heard alone, and what was dispatched meanwhile is refused, not lost. A worker that was cut off while others took its job ends its bot when it learns so. `npm test` tries it with bots that count, for ten leases; `npm run faults` in calls, for 60 s',
    bound: 'no silence above 60 ms; jobs start 10 s after its return',
    long: true,
    realTime: true,
    timeoutMs: 180_000,
    heldBy: [
      {
        file: 'packages/fleet/test/nats-away.test.ts',
        test: 'goes on where it is while NATS is away for ten leases, and nothing moves when it is back',
      },
      {
        file: 'packages/fleet/test/moving.test.ts',
        test: 'is ended by its worker, which stood still while another took the job',
      },
    ],
    check: async (measured) => {
      await using fleet = await SpokenFleet.open();
      for (const name of WORKERS)
        await fleet.worker(name, { leaseMs: LEASE_MS, factories: { speaker: countingSpeaker(fleet, name) } });
      const desk = await fleet.desk();
      const ears = await Promise.all(ROOMS.map((room) => fleet.listen(room)));
      const jobs = [];
      // One after the other: the second sees what the first one takes.
      for (const job of ROOMS) {
        jobs.push(await desk.dispatch('speaker', {}, { job }));
        await jobs.at(-1)!.started();
      }
      const before = await Promise.all(jobs.map((job) => job.status()));
      const speakers = before.map(({ worker }) => WORKERS.find((name) => worker!.startsWith(name))!);
      await Promise.all(ears.map((ear, at) => ear.hears(speakers[at]!)));
      const from = ears.map(({ heard }) => heard.length - 30);

      await fleet.server.kill();
      await wait(AWAY_MS);
      const refusal = await desk.dispatch('speaker', {}, { job: 'meanwhile' }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'SLUICE_FLEET_UNREACHABLE' });
      const asked = desk.dispatch('speaker', {}, { job: 'after' });
      const back = performance.now();
      await fleet.server.restart();
      await (await asked).started();
      measured('next job', (performance.now() - back) / 1_000, 's');
      // Longer than a worker has for its first word: who is taken for dead is so by now.
      await wait(2 * LEASE_MS);
      await Promise.all(ears.map((ear, at) => ear.hears(speakers[at]!)));

      expect(await Promise.all(jobs.map((job) => job.status()))).toEqual(before);
      const heard = ears.map((ear, at) => ear.heard.slice(from[at]));
      measured('heard', heard[0]!.length / 100, 's');
      for (const [at, windows] of heard.entries()) {
        expect(windows.length * 10).toBeGreaterThan(AWAY_MS);
        expect(new Set(windows)).not.toContain('first and second');
        expect(new Set(windows.filter((who) => who !== ''))).toEqual(new Set([speakers[at]]));
        expect(longestSilence(windows)).toBeLessThan(PAUSE);
      }
      measured('longest silence', Math.max(...heard.map(longestSilence)) * 10, 'ms');
    },
  },
];

/** In windows. */
function longestSilence(windows: readonly string[]): number {
  let longest = 0;
  let now = 0;
  for (const who of windows) {
    now = who === '' ? now + 1 : 0;
    longest = Math.max(longest, now);
  }
  return longest;
}
