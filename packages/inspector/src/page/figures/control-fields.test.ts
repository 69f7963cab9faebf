import { expect, it } from 'vitest';
import { controlFields, filledMessage } from './control-fields.ts';

const fields = controlFields({
  type: 'object',
  properties: {
    db: { type: 'number', description: 'Decibels.' },
    input: { type: 'string' },
    x: { type: ['number', 'string'] },
    on: { type: 'boolean' },
    mode: { enum: ['fast', 2] },
    layout: {},
  },
  required: ['db'],
});

it('asks for what a schema names, in its kind', () => {
  expect(fields.map(({ name, kind, required, choices }) => [name, kind, required, choices])).toEqual([
    ['db', 'number', true, []],
    ['input', 'string', false, []],
    ['x', 'text', false, []],
    ['on', 'choice', false, ['true', 'false']],
    ['mode', 'choice', false, ['"fast"', '2']],
    ['layout', 'json', false, []],
  ]);
  expect(fields[0]!.hint).toBe('Decibels.');
  for (const odd of [undefined, {}, { properties: {} }]) expect(controlFields(odd)).toEqual([]);
});

it('makes the message of what is filled in, and leaves out what is not', () => {
  const filled = { db: '-6', input: '7', x: 'left', on: 'false', mode: '"fast"', layout: '{"kind":"grid"}' };
  expect(filledMessage('set', fields, filled)).toEqual({
    type: 'set',
    db: -6,
    input: '7',
    x: 'left',
    on: false,
    mode: 'fast',
    layout: { kind: 'grid' },
  });
  expect(filledMessage('set', fields, { db: '1e1', x: '12', on: '' })).toEqual({ type: 'set', db: 10, x: 12 });
});

it('says which field is wrong', () => {
  expect(() => filledMessage('set', fields, {})).toThrow('db is missing.');
  for (const db of ['loud', 'NaN', '-Infinity', ' '])
    expect(() => filledMessage('set', fields, { db })).toThrow('db is no number');
  expect(() => filledMessage('set', fields, { db: '1', layout: '{' })).toThrow('layout is no JSON: {');
});
