import { Daily } from '@sluice/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sections } from './sections.ts';
import { type DailyRooms, World } from './world.ts';

/**
 * Holds every row of the Daily SDK against a kind of rooms.
 *
 * @param missing rows that do not hold there, which has to be so: one that holds is told.
 */
export function rowsHold(
  name: string,
  start: () => Promise<DailyRooms>,
  missing: ReadonlyMap<string, string> = new Map(),
): void {
  describe(`the Daily SDK, row by row, in ${name} rooms`, () => {
    let rooms: DailyRooms;
    let world: World;

    beforeAll(async () => {
      rooms = await start();
      Daily.init();
    });
    beforeEach(() => {
      world = new World(rooms);
    });
    afterEach(() => world.close());
    afterAll(async () => {
      await Daily.deinit();
      await rooms.close();
    });

    for (const { title, rows } of sections)
      describe(title, () => {
        for (const { daily, check } of rows) {
          const why = missing.get(daily);
          if (why === undefined) test(daily, () => check(world));
          else test(`${daily}: ${why}`, () => expect((async () => check(world))()).rejects.toThrow());
        }
      });
  });
}
