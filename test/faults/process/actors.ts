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

const fails = (at: number) => (frame: AudioFrame) => {
  if (numberOf(frame) === at) throw new Error(`no ${at}`);
  return frame;
};

/** Two ways of failing at frame 20. */
const failing = {
  throws: () => map(fails(20)),
  rejects: () => mapAsync<AudioFrame, AudioFrame>(async (frame) => fails(20)(frame)),
};

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
    bound: 'restarted after 250 ms; a loop named after 1 s, ended after `timeoutMs`',
    check: async (measured) => {
      for (const [how, operator] of Object.entries(failing)) {
        const clock = new VirtualClock();
        const bot = graph(how, { clock, random: () => 1 });
        const [broken, whole] = [collect(), collect()];
        const flow = bot.from(ticking(100));
        flow.with({ name: 'shaky', onError: 'restart' }).pipe(operator()).to(broken);
        flow.to(whole);
        const done = bot.run();
        await clock.run({ until: done });
        await done;
        expect(whole.frames.map(numberOf)).toEqual(range(100));
        const heard = broken.frames.map(numberOf);
        const after = heard.find((number) => number > 20)!;
        expect(heard).toEqual(range(100).filter((number) => number !== 20 && (number < 20 || number >= after)));
        expect(bot.inspect().nodes.find(({ id }) => id === 'shaky')).toMatchObject({ restarts: 1, errors: 1 });
      }
      const bot = graph('loops');
      const loops = inWorker<AudioFrame>({ module: chores, exportName: 'hang', timeoutMs: 300 });
      const [stuck, whole] = [collect(), collect()];
      const flow = bot.from(numbers(4));
      flow.with({ name: 'endless', onError: 'stop' }).pipe(loops).to(stuck);
      flow.to(whole);
      const begun = performance.now();
      await bot.run();
      measured('a loop is ended', performance.now() - begun, 'ms');
      expect(whole.frames.map(numberOf)).toEqual(range(4));
      expect(bot.inspect().problems.join('\n')).toMatch(/endless.*longer than 300 ms/);
    },
  },
  {
    id: 'P6',
    fault: 'A worker thread dies, or an operator ends it',
    happens: '`SLUICE_WORKER_FAILED` at that node, with the cause, as P5; other operators on the thread go on',
    bound: 'at once',
    heldBy: [
      { file: threads, test: 'takes nothing from others on the same thread' },
      { file: threads, test: 'notices a thread that %ses, and the graph ends with its error' },
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
