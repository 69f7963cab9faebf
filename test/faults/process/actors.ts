import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AudioFrame, createSink, graph, inWorker, mapAsync } from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { map } from 'rxjs';
import { expect } from 'vitest';
import { collect, numberOf, numbers, range, ticking } from '../../../packages/core/test/graph-fixtures.ts';
import type { FaultRow } from '../fault-row.ts';

const threads = 'packages/core/src/worker/in-worker.integration.test.ts';
const chores = new URL('../../../packages/core/test/workers/chores.mjs', import.meta.url);

/** Fails at these frames, and tells of each. */
const fails = (at: readonly number[], tell: (number: number) => void) => (frame: AudioFrame) => {
  tell(numberOf(frame));
  if (at.includes(numberOf(frame))) throw new Error(`no ${numberOf(frame)}`);
  return frame;
};

/** Two ways of failing. */
const failing = {
  throws: (check: (frame: AudioFrame) => AudioFrame) => map(check),
  rejects: (check: (frame: AudioFrame) => AudioFrame) =>
    mapAsync<AudioFrame, AudioFrame>(async (frame) => check(frame)),
};

/** Long enough for a loop to be named before it is ended. */
const LOOP_ENDS_MS = 2_500;

/** A node fails at some of a hundred frames, one each 20 ms: what comes of it, of its neighbour, and when which frame was met. */
async function failAt(at: readonly number[], how: keyof typeof failing) {
  const clock = new VirtualClock();
  // By this `random` each pause is the longest one.
  const bot = graph(how, { clock, random: () => 1 });
  const [broken, whole] = [collect(), collect()];
  const metAt = new Map<number, number>();
  const flow = bot.from(ticking(100));
  const check = fails(at, (number) => metAt.set(number, clock.now()));
  flow.with({ name: 'shaky', onError: 'restart' }).pipe(failing[how](check)).to(broken);
  flow.to(whole);
  const outcome = bot.run().then(
    () => 'ended',
    () => 'failed',
  );
  await clock.run({ until: outcome });
  const { restarts, errors } = bot.inspect().nodes.find(({ id }) => id === 'shaky')!;
  const heard = broken.frames.map(numberOf);
  return { outcome: await outcome, heard, whole: whole.frames.map(numberOf), restarts, errors, metAt };
}

/** Megabytes of live objects and buffers. */
async function liveMb(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  // Memory of buffers is given back by threads, a little later.
  for (let times = 0; times < 3; times++) {
    collectGarbage();
    await wait(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** Nodes of a graph. */
export const actorRows: readonly FaultRow[] = [
  {
    id: 'P5',
    fault: 'A node throws, rejects or loops for ever',
    happens:
      'Its neighbours lose no frame. It restarts, three times in 5 s, then its policy decides. A loop on a worker thread is named by `inspect()` after a second, and ended after `timeoutMs`, 5 s by default: from outside it looks like a model that computes for long, which is not to be ended. On the event loop nothing can end it, and `inspect()` names who held it',
    bound:
      'restarted 25 to 50 ms after the first failure, within 100 and 200 ms after the next two; a loop named after 1 s, ended after `timeoutMs`',
    check: async (measured) => {
      for (const how of ['throws', 'rejects'] as const) {
        const once = await failAt([20], how);
        expect(once).toMatchObject({ outcome: 'ended', whole: range(100), restarts: 1, errors: 1 });
        expect(once.heard).toEqual(range(100).filter((number) => number !== 20));
        // The next frame, which came 20 ms later, has waited for the end of the pause.
        const { metAt } = await failAt([20, 40, 60], how);
        const pauses = [20, 40, 60].map((number) => metAt.get(number + 1)! - metAt.get(number)!);
        expect(pauses).toEqual([50, 100, 200]);
        expect(await failAt([20, 40, 60, 80], how)).toMatchObject({ outcome: 'failed', restarts: 3, errors: 4 });
      }
      const bot = graph('loops');
      const loops = inWorker<AudioFrame>({ module: chores, exportName: 'hang', timeoutMs: LOOP_ENDS_MS });
      const [stuck, whole] = [collect(), collect()];
      const flow = bot.from(numbers(4));
      flow.with({ name: 'endless', onError: 'stop' }).pipe(loops).to(stuck);
      flow.to(whole);
      const begun = performance.now();
      const problems = () => bot.inspect().problems.join('\n');
      const named = (async () => {
        while (!/endless.*has waited/.test(problems())) await wait(20);
        return performance.now() - begun;
      })();
      const ended = bot.run().then(() => performance.now() - begun);
      // A loop that is not named before it is ended is never named so.
      expect(await Promise.race([named.then(() => 'named'), ended])).toBe('named');
      expect(await named).toBeGreaterThan(1_000);
      expect(await ended).toBeGreaterThan(LOOP_ENDS_MS);
      measured('a loop is named', await named, 'ms');
      measured('a loop is ended', await ended, 'ms');
      expect(whole.frames.map(numberOf)).toEqual(range(4));
      expect(problems()).toMatch(/endless.*longer than 2500 ms/);
    },
  },
  {
    id: 'P6',
    fault: 'A worker thread dies, or an operator ends it',
    happens: '`SLUICE_WORKER_FAILED` at that node, with the cause, as P5; other operators on the thread go on',
    bound: 'at once',
    heldBy: [
      { file: threads, test: 'takes nothing from others on the same thread' },
      { file: threads, test: 'ends a thread that hangs, and tells each node on it who did it' },
    ],
  },
  {
    id: 'P11',
    fault: 'A slow sink, a source of ten times its speed, a consumer that stopped',
    happens: 'Queues are as long as their policy says; what is dropped is counted',
    bound: 'memory +-5 MB over 10 virtual minutes',
    check: async (measured) => {
      const clock = new VirtualClock();
      using tracked = trackFrames();
      const bot = graph('slow', { clock });
      const counting = (delayMs: number) => {
        let count = 0;
        const sink = createSink<AudioFrame, number>({
          name: `takes-${delayMs}`,
          open: () => ({
            write: (frame) => {
              count++;
              frame.close();
              return new Promise((resolve) => clock.at(clock.now() + delayMs, resolve));
            },
            end: () => count,
          }),
        });
        return { sink, count: () => count };
      };
      const [slow, stopped] = [counting(200), counting(3_600_000)];
      const flow = bot.from(ticking());
      for (const { sink } of [slow, stopped])
        flow.with({ link: { policy: 'drop-oldest', capacity: { frames: 10 } } }).to(sink);
      await bot.start();
      await clock.advance(60_000);
      const before = await liveMb();
      await clock.advance(600_000);
      const grown = (await liveMb()) - before;
      measured('memory', grown, 'MB');
      expect(Math.abs(grown)).toBeLessThan(5);
      const { links } = bot.inspect();
      measured('most frames in a link', Math.max(...links.map(({ maxDepth }) => maxDepth)), '');
      for (const link of links) expect(link.depth).toBeLessThanOrEqual(10);
      // All that came: taken, dropped with a count, or waiting.
      for (const [index, { count }] of [slow, stopped].entries()) {
        const { frames, droppedFrames, depth } = links[index]!;
        expect(frames).toBe(count());
        expect(Math.abs(frames + droppedFrames + depth - 660_000 / 20)).toBeLessThanOrEqual(1);
      }
      bot.abort();
      tracked.assertNone();
    },
  },
];
