import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import measured from './measured.json' with { type: 'json' };
import { withCatalogue } from './page.ts';
import { parts } from './parts.ts';
import { testHeldRows, testRows } from './test-rows.ts';

const fromRoot = (file: string) => new URL(`../../${file}`, import.meta.url).pathname;
const read = (file: string) => readFileSync(fromRoot(file), 'utf8');

testRows(false);
testHeldRows(read);

test.each(parts)('$title: each row of the catalogue stands once, in order', ({ letter, last, rows }) => {
  const all = Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
  expect(rows.map(({ id }) => id)).toEqual(all);
});

test('what is recorded are figures of rows', () => {
  const ids = new Set(parts.flatMap(({ rows }) => rows).map(({ id }) => id));
  expect(Object.keys(measured).filter((id) => !ids.has(id))).toEqual([]);
});

test('the catalogue of docs/faults.md is made of the rows', async () => {
  const page = read('docs/faults.md');
  await expect(withCatalogue(page, parts, measured)).toMatchFileSnapshot(fromRoot('docs/faults.md'));
});
