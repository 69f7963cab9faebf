import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../time/virtual-clock.ts';
import { PauseWatch } from './pause-watch.ts';

function setup(stream: { paced?: boolean; hasRoom?: boolean } = {}) {
  const clock = new VirtualClock();
  const state = { clock, paced: true, hasRoom: true, ...stream };
  const pauses: number[] = [];
  const watch = new PauseWatch(state, () => pauses.push(clock.now()));
  return { clock, state, pauses, watch };
}

describe('PauseWatch', () => {
  it.each([
    [20, 40],
    [10, 40],
    [100, 120],
    [400, 420],
  ])('tells a pause after a frame of %i ms %i ms later, once', async (frame, later) => {
    const { clock, pauses, watch } = setup();
    for (let count = 0; count < 50; count++) {
      watch.came(frame);
      await clock.advance(frame);
    }
    expect(pauses).toEqual([]);
    await clock.advance(2_000);
    expect(pauses).toEqual([49 * frame + later]);
    expect(clock.timers).toBe(0);
    watch.came(frame);
    await clock.advance(2_000);
    expect(pauses).toHaveLength(2);
  });

  it('takes frames that wobble by most of a frame for no pause', async () => {
    const { clock, pauses, watch } = setup();
    for (let count = 0; count < 50; count++) clock.at(count * 20 + (count % 2) * 19, () => watch.came(20));
    await clock.advance(49 * 20 + 19);
    expect(pauses).toEqual([]);
  });

  it('takes a stall for no pause: what came meanwhile is let in', async () => {
    const { clock, pauses, watch } = setup();
    for (let count = 0; count < 100; count++) clock.at(count * 20, () => watch.came(20));
    await clock.advance(500);
    await clock.stall(400);
    await clock.advance(1_080);
    expect(pauses).toEqual([]);
    await clock.advance(100);
    expect(pauses).toEqual([99 * 20 + 40]);
  });

  it('tells a pause all the same where every timer is late', async () => {
    const { clock, pauses, watch } = setup();
    watch.came(20);
    await clock.stall(60);
    await clock.stall(60);
    expect(pauses).toEqual([120]);
  });

  it('waits while the receivers hold the stream back', async () => {
    const { clock, state, pauses, watch } = setup({ hasRoom: false });
    watch.came(20);
    await clock.advance(500);
    expect(pauses).toEqual([]);
    state.hasRoom = true;
    await clock.advance(20);
    expect(pauses).toHaveLength(1);
  });

  it('sets no timer for a stream that is read as fast as it is taken, until it becomes live', async () => {
    const { clock, state, pauses, watch } = setup({ paced: false });
    for (let count = 0; count < 10; count++) watch.came(20);
    expect(clock.timers).toBe(0);
    state.paced = true;
    for (let count = 0; count < 64; count++) watch.came(20);
    await clock.advance(100);
    expect(pauses).toHaveLength(1);
    watch.came(20);
    state.paced = false;
    await clock.advance(100);
    expect([pauses.length, clock.timers]).toEqual([1, 0]);
  });

  it('watches no more when it was stopped', async () => {
    const { clock, pauses, watch } = setup();
    watch.came(20);
    watch.stop();
    await clock.advance(100);
    expect([pauses.length, clock.timers]).toEqual([0, 0]);
  });
});
