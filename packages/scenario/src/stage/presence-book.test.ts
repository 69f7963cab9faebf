import { expect, it } from 'vitest';
import { PresenceBook } from './presence-book.ts';

it('tells everybody of the same in the order in which it happened, those who listen later too', () => {
  const book = new PresenceBook();
  const [early, late]: string[][] = [[], []];
  book.listen(({ type, name }) => {
    // Whoever is told of can be asked for.
    if (type === 'joined') expect(book.idOf(name)).toBeDefined();
    early!.push(`${name} ${type}`);
  });
  book.joined('1', 'anna');
  book.joined('2', 'ben');
  book.joined('2', 'ben');
  book.left('1');
  book.listen(({ type, name }) => late!.push(`${name} ${type}`));
  book.joined('3', 'anna');
  book.left('9');
  expect(early).toEqual(['anna joined', 'ben joined', 'anna left', 'anna joined']);
  expect(late).toEqual(['ben joined', 'anna joined']);
  expect(book.idOf('anna')).toBe('3');
});

it('tells the others of what one of them throws at, and keeps it', () => {
  const book = new PresenceBook();
  const told: string[] = [];
  book.listen(() => {
    throw new Error('mine');
  });
  book.listen(({ name }) => told.push(name));
  book.joined('1', 'anna');
  expect(told).toEqual(['anna']);
  expect(() => book.check()).toThrow('mine');
});
