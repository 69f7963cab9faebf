import { describe, expect, it } from 'vitest';
import { type Clock, sleep } from './clock.ts';
import { realClock } from './real-clock.ts';
import { lenderOf, trackTimed } from './timed-work.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Work of the outside: some turns of the event loop. */
async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('trackTimed', () => {
  it('lets time move while the work waits on its clock, and holds it while the work waits for something else', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const note = (what: string) => log.push(`${what}@${clock.now()}`);
    const tick = () => {
      note('tick');
      clock.at(clock.now() + 100, tick);
    };
    clock.at(100, tick);
    const work = trackTimed(clock, async (own) => {
      await turns();
      note('read');
      await sleep(own, 250);
      note('rested');
      await turns();
      note('read');
      return 'done';
    });
    expect(clock.pending).toBe(1);
    await clock.advance(400);
    expect(log).toEqual(['read@0', 'tick@100', 'tick@200', 'rested@250', 'read@250', 'tick@300', 'tick@400']);
    expect([await work, clock.pending]).toEqual(['done', 0]);
  });

  it('holds time for what the work tracks, also while a deadline of it is set', async () => {
    const clock = new VirtualClock();
    const work = trackTimed(clock, async (own) => {
      const cancel = own.at(5_000, () => expect.unreachable('the deadline came first'));
      await own.track(turns());
      cancel();
      await turns();
      return clock.now();
    });
    await clock.advance(10_000);
    expect([await work, clock.pending, clock.timers]).toEqual([0, 0, 0]);
  });

  it('lets time move while work within it waits', async () => {
    const clock = new VirtualClock();
    const work = trackTimed(clock, async (outer) => {
      const within = await trackTimed(outer, async (inner) => {
        expect(lenderOf(inner)).toBe(clock);
        await sleep(inner, 30);
        await turns();
        return clock.now();
      });
      await turns();
      return [within, clock.now()];
    });
    await clock.advance(1_000);
    expect([await work, clock.now()]).toEqual([[30, 30], 1_000]);
  });

  it('moves while something is waited for that never comes, until it is given up', async () => {
    const clock = new VirtualClock();
    const over = new AbortController();
    const work = trackTimed(clock, (own) => sleep(own, Number.POSITIVE_INFINITY, over.signal));
    await clock.advance(60_000);
    over.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
    await clock.settle();
    expect([clock.pending, clock.timers]).toEqual([0, 0]);
  });

  it('is held by nothing of work that has failed, at once too; its clock goes on as any other', async () => {
    const clock = new VirtualClock();
    let own: Clock | undefined;
    const failing = async (given: Clock) => {
      own = given;
      await sleep(given, 10);
      throw new Error('no file');
    };
    const failed = expect(trackTimed(clock, failing)).rejects.toThrow('no file');
    await clock.advance(20);
    await failed;
    expect(() =>
      trackTimed(clock, () => {
        throw new Error('no path');
      }),
    ).toThrow('no path');
    const slept = sleep(own!, 10);
    await clock.advance(10);
    await slept;
    expect([clock.pending, clock.timers, own!.now(), own!.repeatable]).toEqual([0, 0, 30, false]);
  });

  it('is the work itself on a clock that never stands still', async () => {
    const given: Clock[] = [];
    await expect(
      trackTimed(realClock, (own) => {
        given.push(own);
        return Promise.resolve(7);
      }),
    ).resolves.toBe(7);
    expect(given).toEqual([realClock]);
  });
});
