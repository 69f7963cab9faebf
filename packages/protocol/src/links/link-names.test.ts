import { expect, test } from 'vitest';
import { createId } from '../secrets.ts';
import { LinkNames } from './link-names.ts';

test('each end tells of the other, and a new one starts anew', () => {
  const [here, there] = [new LinkNames(), new LinkNames()];
  expect(there.take(here.ids)).toBe('current');
  expect(here.take(there.ids)).toBe('current');
  const old = here.ids;
  here.renew();
  expect(there.take(here.ids)).toBe('anew');
  // What was under way for the end that is gone, on both sides.
  expect(there.take(old)).toBe('past');
  expect(here.take({ from: createId(), to: old.from })).toBe('past');
});

test('somebody who makes new ends without end is followed all the same', () => {
  const names = new LinkNames();
  names.take({ from: createId() });
  for (let count = 0; count < 100; count++) expect(names.take({ from: createId() })).toBe('anew');
});
