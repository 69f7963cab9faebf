import { VirtualClock } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeadlinePacer } from './deadline-pacer.ts';

describe('DeadlinePacer', () => {
  it('keeps the absolute schedule', async () => {
    const clock = new VirtualClock();
    const pacer = new DeadlinePacer(clock);
    let slices = 0;
    pacer.add((due) => {
      slices += due;
    });
    await clock.advance(3_600);
    expect(slices).toBe(360);
    pacer.stop();
    expect(clock.timers).toBe(0);
  });

  it('plays what is due after a late tick, and starts anew after a stall over 200 ms', async () => {
    const clock = new LateClock();
    const pacer = new DeadlinePacer(clock);
    const ticks: number[] = [];
    pacer.add((due) => ticks.push(due));
    clock.fire(0.4);
    clock.fire(50);
    expect(ticks).toEqual([1, 6]);
    clock.fire(200);
    expect(ticks).toEqual([1, 6, 21]);
    expect(pacer.reanchored).toBe(0);
    clock.fire(500);
    clock.fire(0);
    expect(ticks).toEqual([1, 6, 21, 1, 1]);
    expect(pacer.reanchored).toBe(1);
    const { p50, max } = pacer.takeLateness();
    expect(max).toBe(500);
    expect(p50).toBeGreaterThanOrEqual(50);
    expect(pacer.takeLateness()).toEqual({ p50: 0, p99: 0, max: 0 });
  });

  it('is never early, and never plays more than the time that has passed', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 60 }), (delays) => {
        const clock = new LateClock();
        const pacer = new DeadlinePacer(clock);
        let slices = 0;
        pacer.add((due) => {
          slices += due;
          if (slices * 10 > clock.now() + 1e-6) throw new Error(`early: ${slices} slices at ${clock.now()} ms`);
        });
        for (const delay of delays) clock.fire(delay);
      }),
    );
  });

  it('ticks only while it has members', () => {
    const clock = new VirtualClock();
    const pacer = new DeadlinePacer(clock);
    const leave = [pacer.add(() => {}), pacer.add(() => {})];
    expect(clock.timers).toBe(1);
    for (const cancel of leave) cancel();
    expect(clock.timers).toBe(0);
  });
});

/** A clock whose timers fire as late as they are told. */
class LateClock extends VirtualClock {
  #time = 0;
  #due = 0;
  #callback = () => {};

  override now(): number {
    return this.#time;
  }

  override at(time: number, callback: () => void): () => void {
    this.#due = time;
    this.#callback = callback;
    return () => {};
  }

  fire(late: number): void {
    this.#time = this.#due + late;
    this.#callback();
  }
}
