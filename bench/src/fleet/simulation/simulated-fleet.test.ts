import { describe, expect, test } from 'vitest';
import { percentile } from '../../measuring/percentile.ts';
import { scenes } from './hardships.ts';
import { SimulatedFleet } from './simulated-fleet.ts';

const ROOMS = 800;
/** Virtual milliseconds in which 99 of 100 rooms have their bot, beside what it takes to start: of two workers that say nothing each is waited for a second. */
const PLACED_MS = 2_000;

describe.each(scenes)('rooms come $name', (scene) => {
  test('no job is lost or had twice, and no worker has more than it takes', () => {
    const fleet = new SimulatedFleet(ROOMS, scene);
    fleet.run();
    expect(fleet.broken).toEqual([]);
    expect(fleet.jobs.length).toBe(ROOMS);
    // Who was heard is silent only where a worker died, or was given up.
    if (scene.rackDiesMs === undefined && scene.stalled === undefined) expect(fleet.silences).toEqual([]);
    if (scene.natsGoesMs !== undefined) return;
    const waits = fleet.jobs.map(({ askedAt, ranAt, startMs }) => ranAt! - askedAt - startMs);
    expect(percentile(waits, 0.99)).toBeLessThan(PLACED_MS);
  });
});
