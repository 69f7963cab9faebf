import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('VirtualClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new VirtualClock(1000);
    let fired = 0;
    clock.at(1010, () => fired++);
    await clock.settle();
    expect([clock.now(), fired, clock.timers]).toEqual([1000, 0, 1]);
    await clock.advance(10);
    expect([clock.now(), fired, clock.timers]).toEqual([1010, 1, 0]);
  });

  it('fires in order of time, then of registration, at the time asked for', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    for (const [name, time] of [
      ['c', 5],
      ['a', 1],
      ['d', 5],
      ['b', 1],
      ['past', -3],
    ] as const)
      clock.at(time, () => log.push(`${name}@${clock.now()}`));
    await clock.advance(100);
    expect(log).toEqual(['past@0', 'a@1', 'b@1', 'c@5', 'd@5']);
    expect(clock.now()).toBe(100);
  });

  it('stalls: what was due meanwhile fires late, in order, and what that sets in the past after it', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    clock.at(20, () => log.push(`b@${clock.now()}`));
    clock.at(10, () => {
      log.push(`a@${clock.now()}`);
      clock.at(15, () => log.push(`c@${clock.now()}`));
    });
    clock.at(401, () => log.push('later'));
    await clock.stall(400);
    expect(log).toEqual(['a@400', 'b@400', 'c@400']);
    expect(clock.now()).toBe(400);
    await expect(clock.stall(-1)).rejects.toThrow(RangeError);
  });

  it('orders any timers, with any cancelled, and counts those left', async () => {
    const timers = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), { maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(timers, async (list) => {
        const clock = new VirtualClock();
        const fired: number[] = [];
        const cancels = list.map(([time], index) => clock.at(time, () => fired.push(index)));
        list.forEach(([, cancelled], index) => {
          if (cancelled) cancels[index]!();
        });
        const expected = list
          .map(([time, cancelled], index) => ({ time, cancelled, index }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.time - b.time || a.index - b.index)
          .map(({ index }) => index);
        expect(clock.timers).toBe(expected.length);
        await clock.run();
        expect(fired).toEqual(expected);
        expect(clock.timers).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('takes a cancel twice, and after firing', async () => {
    const clock = new VirtualClock();
    const cancel = clock.at(5, () => {});
    clock.at(6, () => {});
    cancel();
    cancel();
    expect(clock.timers).toBe(1);
    const late = clock.at(1, () => {});
    await clock.advance(2);
    late();
    expect(clock.timers).toBe(1);
  });

  it('cancels a timer of the same instant from the one before it', async () => {
    const clock = new VirtualClock();
    let fired = false;
    clock.at(5, () => cancel());
    const cancel = clock.at(5, () => {
      fired = true;
    });
    await clock.advance(10);
    expect(fired).toBe(false);
  });

  it('fires timers set by timers within the same advance', async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const again = () => {
      times.push(clock.now());
      if (times.length < 5) clock.at(clock.now() + 2.5, again);
    };
    clock.at(0, again);
    await clock.advance(10);
    expect(times).toEqual([0, 2.5, 5, 7.5, 10]);
  });

  it('waits for promises between timers, however long their chain', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const chain = async () => {
      await sleep(clock, 1);
      for (let hop = 0; hop < 20; hop++) await null;
      clock.at(clock.now() + 1, () => log.push(`chained@${clock.now()}`));
    };
    const chained = chain();
    clock.at(10, () => log.push(`far@${clock.now()}`));
    expect(await clock.run()).toBe(10);
    await chained;
    expect(log).toEqual(['chained@2', 'far@10']);
  });

  it('does not end before a chain of promises has set its next timer', async () => {
    const clock = new VirtualClock();
    let rounds = 0;
    const loop = async () => {
      for (; rounds < 3; rounds++) {
        await sleep(clock, 10);
        for (let hop = 0; hop < 20; hop++) await null;
      }
    };
    const looped = loop();
    expect(await clock.run()).toBe(30);
    await looped;
    expect(rounds).toBe(3);
  });

  it('stands still while tracked work is under way', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    let settle = (_value: string) => {};
    const work = clock.track(new Promise<string>((resolve) => (settle = resolve)));
    clock.at(1, () => log.push('timer'));
    let turns = 0;
    const later = () => (++turns < 20 ? setImmediate(later) : settle('done'));
    later();
    expect(clock.pending).toBe(1);
    void work.then((value) => log.push(value));
    await clock.run();
    expect(log).toEqual(['done', 'timer']);
    expect(clock.pending).toBe(0);
  });

  it('forgets tracked work that fails', async () => {
    const clock = new VirtualClock();
    await expect(clock.track(Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    await clock.advance(1);
    expect(clock.pending).toBe(0);
  });

  it('stops when `until` settles, at that time', async () => {
    const clock = new VirtualClock();
    let ticks = 0;
    const tick = () => {
      ticks++;
      clock.at(clock.now() + 10, tick);
    };
    clock.at(10, tick);
    expect(await clock.run({ until: sleep(clock, 35) })).toBe(35);
    expect(ticks).toBe(3);
  });

  it('rejects with what `until` rejects with, at that time', async () => {
    const clock = new VirtualClock();
    const no = new Error('no');
    await expect(clock.run({ until: Promise.reject(no) })).rejects.toBe(no);
    const late = sleep(clock, 35).then(() => Promise.reject(no));
    clock.at(1_000, () => {});
    await expect(clock.run({ until: late })).rejects.toBe(no);
    expect(clock.now()).toBe(35);
  });

  it('rejects when the limit passes first', async () => {
    const clock = new VirtualClock();
    const tick = () => void clock.at(clock.now() + 10, tick);
    tick();
    await expect(clock.run({ limitMs: 100 })).rejects.toMatchObject({ code: 'SLUICE_DEADLINE' });
    expect(clock.now()).toBe(100);
  });

  it('keeps going forward when two callers move it at once', async () => {
    const clock = new VirtualClock();
    await Promise.all([clock.advance(20), clock.advance(5)]);
    expect(clock.now()).toBe(20);
  });

  it('rejects with what a timer throws, and can go on', async () => {
    const clock = new VirtualClock();
    clock.at(1, () => {
      throw new Error('broken timer');
    });
    await expect(clock.advance(5)).rejects.toThrow('broken timer');
    await clock.advance(5);
    expect(clock.now()).toBe(6);
  });

  it('refuses times that are none, and never fires at infinity', async () => {
    const clock = new VirtualClock();
    expect(() => clock.at(Number.NaN, () => {})).toThrow(TypeError);
    await expect(clock.advance(-1)).rejects.toThrow(RangeError);
    clock.at(Number.POSITIVE_INFINITY, () => {})();
    expect(await clock.run()).toBe(0);
  });

  it('frees a million cancelled deadlines', () => {
    const clock = new VirtualClock();
    clock.at(1, () => {});
    for (let index = 0; index < 1_000_000; index++) clock.at(10_000 + index, () => {})();
    expect(clock.timers).toBe(1);
  });
});

describe('sleep', () => {
  it('rejects with the reason of an abort, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const slept = sleep(clock, 100, controller.signal);
    controller.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    expect(clock.timers).toBe(0);
    await expect(sleep(clock, 1, controller.signal)).rejects.toThrow('enough');
  });
});
