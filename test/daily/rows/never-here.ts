import { expect } from 'vitest';
import type { Row } from '../row.ts';

/** Events of services that an embedded room has not: known by name, so that a program for both needs no branch. */
export function neverHere(list: readonly (readonly [daily: string, names: readonly string[]])[]): readonly Row[] {
  return list.map(([daily, names]) => ({
    daily,
    sluice: names.map((name) => `'${name}'`).join(', '),
    verdict: 'not-applicable',
    note: 'May be listened to; a room of one’s own never tells it.',
    check: (world) => {
      const client = world.client();
      for (const name of names) client.on(name as 'error', () => {})();
      expect(() => client.on(`${names[0]}x` as 'error', () => {})).toThrow(new RegExp(names[0] ?? ''));
    },
  }));
}
