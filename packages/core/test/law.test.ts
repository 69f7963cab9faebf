import fc from 'fast-check';
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AudioFrame, createOperator, graph, type OverflowPolicy, overflowPolicies } from '../src/index.ts';
import { trackFrames, VirtualClock } from '../src/testing/index.ts';
import { collect, numberOf, numbers, ticking } from './graph-fixtures.ts';

/** Keeps up to `most` frames for `ms` each. */
const linger = (most: number, ms: number) =>
  createOperator<AudioFrame, AudioFrame>({ name: 'linger', maxHeld: most }, (destination, context) => {
    const kept = new Set<AudioFrame>();
    let ended = false;
    return {
      next: (frame) => {
        const release = context.hold();
        kept.add(frame);
        context.clock.at(context.clock.now() + ms, () => {
          if (!kept.delete(frame)) return;
          destination.next(frame);
          release();
          if (ended && kept.size === 0) destination.complete();
        });
      },
      complete: () => {
        ended = true;
        if (kept.size === 0) destination.complete();
      },
      teardown: () => {
        for (const frame of kept) frame.close();
        kept.clear();
      },
    };
  });

const policies = overflowPolicies.filter((policy) => policy !== 'error');

describe('whatever the policies, capacities, delays and interruptions', () => {
  it('frames are delivered in order, dropped with a count, or void; queues stay bounded; no frame leaks; it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          live: fc.boolean(),
          count: fc.integer({ min: 0, max: 60 }),
          policy: fc.constantFrom<OverflowPolicy>(...policies),
          capacity: fc.integer({ min: 1, max: 8 }),
          held: fc.integer({ min: 1, max: 4 }),
          lingerMs: fc.integer({ min: 0, max: 70 }),
          sinkMs: fc.integer({ min: 0, max: 50 }),
          interrupts: fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 3 }),
        }),
        async ({ live, count, policy, capacity, held, lingerMs, sinkMs, interrupts }) => {
          const clock = new VirtualClock();
          const leaks = trackFrames();
          const bot = graph('law', { clock });
          const sink = collect(sinkMs);
          bot
            .from(live && count > 0 ? ticking(count) : numbers(count))
            .with({
              link: { policy: live && policy === 'block' ? 'drop-oldest' : policy, capacity: { frames: capacity } },
            })
            .pipe(linger(held, lingerMs))
            .with({ link: { capacity: { frames: capacity } } })
            .pipe(map((frame) => frame))
            .to(sink);
          let voided = 0;
          for (const at of interrupts)
            clock.at(at, () => {
              const count = (report: { droppedMs: number }) => {
                voided += report.droppedMs / 20;
              };
              bot.interrupt().then(count, () => {});
            });
          const done = bot.run();
          await clock.run({ until: done, limitMs: 60_000 });
          await done;
          const { links, nodes } = bot.inspect();
          const got = sink.frames.map(numberOf);
          expect([...got].sort((a, b) => a - b)).toEqual(got);
          const dropped = links.reduce((sum, link) => sum + link.droppedFrames, 0);
          const stale = nodes.reduce((sum, node) => sum + node.staleFrames, 0);
          expect(got.length + dropped + stale + voided).toBe(live && count === 0 ? 0 : count);
          for (const link of links) expect(link.maxDepth, link.id).toBeLessThanOrEqual(link.capacity.frames + held);
          leaks.assertNone();
          leaks.stop();
        },
      ),
      { numRuns: 300 },
    );
  });
});
