import { setTimeout as wait } from 'node:timers/promises';
import { PROBE_PERIOD } from '@sluice/transport/testing';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { type Caller, longestPause, machineMs, skipped, untilHeard, withTwoCallers } from './caller.ts';

/** Frames are told about 20 ms after they were heard, and what is read at once may be cut in the middle. */
const SETTLE_MS = 1_200;

/**
 * Waits until the speaker has a new engine; when, of the machine's clock. What the old engine sent is heard for as long as
 * the far jitter buffer holds it, so only what is heard behind this is the new one's.
 */
async function untilReplaced(speaker: Caller, limitMs = 10_000): Promise<number> {
  const end = machineMs() + limitMs;
  const told: { readonly at: number; readonly what: string }[] = [];
  while (machineMs() < end && told.length < 2) {
    told.push(...(await speaker.events()).filter(({ what }) => what.startsWith('engine')));
    await wait(20);
  }
  expect(told.map(({ what }) => what)).toEqual(['engine restarting', 'engine restarted']);
  return told[1]!.at;
}

/** The engine's process, and what it plays while the program cannot run. */
export const engineRows: readonly FaultRow[] = [
  {
    id: 'P3',
    fault: '`kill -9` or a segmentation fault of the media host',
    happens:
      'Told once, before anything closes; a new engine, the same session and tracks. After the fourth death in 60 s: 10, 20, 40 s, then `SLUICE_HOST_FAILED`',
    bound: 'sound is back 2 s after the death; the later engines in virtual time, to the millisecond',
    heldBy: {
      file: 'packages/transport/src/host/child/child-host.test.ts',
      test: 'starts an engine that keeps dying at once, after 250 ms, 1 s, then 10, 20 and 40 s after the fourth death',
    },
    realTime: true,
    check: (measured) =>
      withTwoCallers(async ({ speaker, hearer, speakerId }) => {
        const before = await speaker.engine();
        const killed = machineMs();
        process.kill(before, 'SIGKILL');
        const back = (await untilHeard(hearer, await untilReplaced(speaker))) - killed;
        measured('back', back, 'ms');
        expect(back).toBeLessThan(2_000);
        expect(await speaker.engine()).not.toBe(before);
        expect((await hearer.events()).map(({ what }) => what)).not.toContain(`left ${speakerId}`);
      }),
  },
  {
    id: 'P4',
    fault: 'The media host is stopped for 0.2, 1 and 8 s (SIGSTOP)',
    happens:
      'Up to 1 s it resumes by itself and plays what it was given, a little later. One that says nothing for 1.5 s is killed and replaced',
    bound: 'sound is back 0.3 s after a short stop, 3.5 s after the beginning of a hang',
    realTime: true,
    check: (measured) =>
      withTwoCallers(async ({ speaker, hearer }) => {
        for (const ms of [200, 1_000]) {
          const engine = await speaker.engine();
          process.kill(engine, 'SIGSTOP');
          await wait(ms);
          process.kill(engine, 'SIGCONT');
          const resumed = machineMs();
          const back = (await untilHeard(hearer, resumed)) - resumed;
          measured(`back after ${ms / 1_000} s`, back, 'ms');
          expect(back).toBeLessThan(300);
          expect(await speaker.engine()).toBe(engine);
          await wait(SETTLE_MS);
        }
        const stopped = machineMs();
        process.kill(await speaker.engine(), 'SIGSTOP');
        const back = (await untilHeard(hearer, await untilReplaced(speaker))) - stopped;
        measured('back after a hang', back, 'ms');
        expect(back).toBeLessThan(3_500);
      }),
  },
  {
    id: 'P7',
    fault: 'The event loop stands still for 50, 100 or 200 ms',
    happens: 'Nothing is heard of it: the engine plays what was written ahead',
    bound: '0 gaps',
    realTime: true,
    check: (measured) =>
      withTwoCallers(async ({ speaker, hearer }) => {
        for (const ms of [50, 100, 200, 200, 200]) {
          await speaker.block(ms);
          await wait(700);
        }
        const { gaps, silences, duplicates, orderErrors } = await hearer.heard();
        measured('gaps', gaps.length + silences.length, '');
        expect({ gaps, silences, duplicates, orderErrors }).toEqual({
          gaps: [],
          silences: [],
          duplicates: 0,
          orderErrors: 0,
        });
      }),
  },
  {
    id: 'P8',
    fault: 'The event loop stands still for 0.5, 1 or 2 s',
    happens:
      'One silence, as long as the stall is longer than what was written ahead (200 to 290 ms); then it goes on where it was: no burst, nothing lost. What a receiver makes up for its first moment may be the last frame again',
    bound: 'stall - 200 ms + 60 ms',
    long: true,
    realTime: true,
    check: (measured) =>
      withTwoCallers(async ({ speaker, hearer }) => {
        for (const ms of [500, 1_000, 2_000]) {
          await speaker.block(ms);
          await wait(ms + SETTLE_MS);
          const heard = await hearer.heard();
          const pause = longestPause(heard);
          measured(`silence of ${ms} ms`, pause, 'ms');
          expect(pause).toBeGreaterThan(ms - 400);
          expect(pause).toBeLessThan(ms - 200 + 60);
          // The frame in whose middle the sound ended cannot be read, or is made up once more, which counts as all but one.
          expect([0, 1, PROBE_PERIOD - 1]).toContain(skipped(heard));
        }
      }),
  },
  {
    id: 'P9',
    fault: 'The whole bot is stopped for 2 s, the engine too (SIGSTOP)',
    happens:
      'One pause, then it goes on where it was: no frame is lost or said twice, and the engine is not taken for hung',
    bound: 'a pause of 2.3 s',
    realTime: true,
    check: (measured) =>
      withTwoCallers(async ({ speaker, hearer }) => {
        const engine = await speaker.engine();
        for (const pid of [speaker.pid, engine]) process.kill(pid, 'SIGSTOP');
        await wait(2_000);
        for (const pid of [speaker.pid, engine]) process.kill(pid, 'SIGCONT');
        await wait(SETTLE_MS);
        const heard = await hearer.heard();
        measured('pause', longestPause(heard), 'ms');
        expect(longestPause(heard)).toBeLessThan(2_300);
        expect(heard.duplicates + heard.orderErrors).toBe(0);
        expect(await speaker.engine()).toBe(engine);
      }),
  },
  {
    id: 'P17',
    fault: 'The parent of the media host dies',
    happens: 'The engine ends itself, whatever it has queued',
    bound: '1 s',
    heldBy: {
      file: 'packages/transport/src/host/child/child-life.integration.test.ts',
      test: 'ends when its parent is killed, also in the midst of work for a minute',
    },
  },
];
