import { graph } from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { map } from 'rxjs';
import { expect } from 'vitest';
import { collect, numberOf, range, ticking } from '../../../packages/core/test/graph-fixtures.ts';
import type { FaultRow } from '../fault-row.ts';

const stalls = 'packages/core/test/stall.test.ts';

/** Graphs that are interrupted and changed while media flows. */
export const flowRows: readonly FaultRow[] = [
  {
    id: 'M12',
    fault: 'A node swallows the end of the stream; a join waits for a silent input',
    happens:
      '`inspect()` names it within seconds, and an error at the deadline names who is in the way, the links and what helps',
    bound: '`deadlines.stallMs`, `deadlines.drainMs`',
    heldBy: [
      {
        file: stalls,
        test: 'names the join, the links and what helps, as a problem within seconds and as an error at the deadline',
      },
      { file: stalls, test: 'names who keeps the end to himself' },
      {
        file: 'packages/core/test/life.test.ts',
        test: 'stop() names who does not finish by the deadline, and ends all the same',
      },
    ],
  },
  {
    id: 'M13',
    fault: 'An interruption 100 times in 10 s, during the start and during the drain',
    happens:
      'Each resolves once, with an epoch of its own; nothing of an old epoch comes after it; heard, dropped and stale frames add up to all that were made',
    bound: '0 frames of an old epoch',
    check: async (measured) => {
      const clock = new VirtualClock();
      using tracked = trackFrames();
      const bot = graph('interrupted', { clock });
      const sink = collect(35);
      bot
        .from(ticking(600))
        .pipe(map((frame) => frame))
        .to(sink);
      const resolved: number[] = [];
      let dropped = 0;
      let old = 0;
      const interrupt = async () => {
        const { epoch, droppedMs } = await bot.interrupt();
        resolved.push(epoch);
        dropped += droppedMs / 20;
      };
      const done = bot.run();
      const interruptions = [interrupt()];
      for (let times = 0; times < 100; times++) {
        await clock.advance(80);
        const interruption = interrupt();
        interruptions.push(interruption);
        const before = sink.frames.length;
        await interruption;
        await clock.advance(20);
        old += sink.frames.slice(before).filter(({ epoch }) => epoch < resolved.at(-1)!).length;
      }
      const stopped = bot.stop();
      interruptions.push(interrupt());
      await clock.run({ until: stopped });
      await Promise.all([done, ...interruptions]);
      expect(resolved).toEqual(range(102).map((index) => index + 2));
      measured('interruptions', resolved.length, '');
      measured('frames of an old epoch', old, '');
      expect(old).toBe(0);
      expect(sink.frames.map(({ epoch }) => epoch)).toEqual(
        sink.frames.map(({ epoch }) => epoch).toSorted((a, b) => a - b),
      );
      const { links, nodes } = bot.inspect();
      const lost = links.reduce((sum, link) => sum + link.droppedFrames, 0);
      const stale = nodes.reduce((sum, node) => sum + node.staleFrames, 0);
      // Every 20 ms one was made, until the stop.
      expect(sink.frames.length + dropped + lost + stale).toBe(1 + Math.floor(10_000 / 20));
      tracked.assertNone();
    },
  },
  {
    id: 'M14',
    fault: 'A branch is added, linked otherwise and removed 1,000 times under load',
    happens: 'The others lose no frame, and nothing of what is over is kept',
    bound: '0 frames',
    check: async (measured) => {
      const clock = new VirtualClock();
      using tracked = trackFrames();
      const bot = graph('churn', { clock });
      const main = collect();
      const flow = bot.from(ticking());
      flow.to(main);
      await bot.start();
      await clock.advance(10);
      for (let turn = 0; turn < 1_000; turn++) {
        const [first, second] = [collect(0, 'first'), collect(0, 'second')];
        let branch!: { id: string };
        await bot.change((edit) => {
          branch = edit.follow(flow).to(first) as never;
        });
        await clock.advance(20);
        // The same place in the graph leads elsewhere, in one change.
        let other!: { id: string };
        await bot.change((edit) => {
          edit.remove(branch as never);
          other = edit.follow(flow).to(second) as never;
        });
        await clock.advance(20);
        await bot.change((edit) => edit.remove(other as never));
        expect([...first.frames, ...second.frames].map(numberOf)).toEqual([2 * turn + 1, 2 * turn + 2]);
      }
      await clock.advance(20);
      measured('frames of the others', main.frames.length, '');
      expect(main.frames.map(numberOf)).toEqual(range(main.frames.length));
      expect(main.frames.length).toBe(2_002);
      expect(bot.inspect().nodes.map(({ state }) => state)).toEqual(['running', 'running']);
      expect(bot.inspect().links).toHaveLength(1);
      bot.abort();
      tracked.assertNone();
    },
  },
];
