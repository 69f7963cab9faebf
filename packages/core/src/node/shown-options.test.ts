import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { graph } from '../graph/graph.ts';
import { defineNode } from './define-node.ts';
import { audioPort } from './port.ts';
import { shownOptions } from './shown-options.ts';
import type { StandardSchema } from './standard-schema.ts';

describe('shownOptions', () => {
  class Detector {}
  const loop: { again?: object } = {};
  loop.again = loop;

  it.each<[string, unknown, unknown]>([
    ['plain data as they are', { db: -3, on: true, list: ['a', null] }, { db: -3, on: true, list: ['a', null] }],
    ['what JSON has no number for', { a: Number.NaN, b: Infinity, c: 3n }, { a: 'NaN', b: 'Infinity', c: '3' }],
    ['functions by name', { layout: function grid() {} }, { layout: 'function grid' }],
    ['instances by class', { detector: new Detector(), map: new Map() }, { detector: '[Detector]', map: '[Map]' }],
    ['bytes by length', { model: new Int16Array(3) }, { model: '[Int16Array, 6 bytes]' }],
    ['dates', { at: new Date(0), never: new Date('x') }, { at: '1970-01-01T00:00:00.000Z', never: 'Invalid Date' }],
    ['addresses without their secrets', { at: new URL('wss://ann:pw@host:1/x?key=1') }, { at: 'wss://host:1/x' }],
    ['what has no class', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['what stands in itself', loop, { again: { again: { again: { again: '[Object]' } } } }],
    ['long text cut', { text: 'x'.repeat(300) }, { text: `${'x'.repeat(200)}…` }],
    [
      'secrets by name',
      { apiKey: 'k', secrets: { a: 'b' }, authToken: 't' },
      hiddenIn('apiKey', 'secrets', 'authToken'),
    ],
    ['what only sounds so', { maxTokens: 9, tokenizer: 'bpe', key: 'C', token: null }, undefined],
  ])('shows %s', (_, options, expected) => {
    const shown = shownOptions(options);
    expect(shown).toEqual(expected ?? options);
    expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
  });

  it('cuts lists and objects of many entries', () => {
    const list = shownOptions(Array.from({ length: 60 }, (_, index) => index)) as unknown[];
    expect(list).toHaveLength(51);
    expect(list.at(-1)).toBe('… 10 more');
    const fields = shownOptions(Object.fromEntries(list.map((_, index) => [`k${index}`, index]))) as object;
    expect(Object.entries(fields).at(-1)).toEqual(['…', '1 more']);
  });

  it('hides what the schema says is only written', () => {
    const schema = {
      properties: { pin: { writeOnly: true }, login: { properties: { word: { format: 'password' } } } },
    };
    expect(shownOptions({ pin: 4711, login: { word: 'x', user: 'ann' } }, schema)).toEqual({
      pin: '[hidden]',
      login: { word: '[hidden]', user: 'ann' },
    });
  });
});

describe('inspect()', () => {
  const make = (options?: StandardSchema) =>
    defineNode({
      name: 'node',
      inputs: {},
      outputs: { out: audioPort() },
      ...(options === undefined ? {} : { options }),
      create: () => ({}),
    }) as ReturnType<typeof defineNode<object, never, never>>;
  const inspected = (factory: ReturnType<typeof make>, options: object) => {
    const bot = graph('bot');
    bot.add(factory(options));
    return bot.inspect().nodes[0]!;
  };

  it('shows the options of a node, and their JSON Schema when it is asked for', () => {
    const factory = make(
      z.strictObject({ db: z.number().describe('Loudness'), key: z.string().meta({ writeOnly: true }) }),
    );
    const node = inspected(factory, { db: -3, key: 'x' });
    expect(node.options).toEqual({ db: -3, key: '[hidden]' });
    expect(node.optionsSchema).toMatchObject({ properties: { db: { type: 'number', description: 'Loudness' } } });
    expect(node.optionsSchema).toBe(factory.optionsSchema);
    expect(Object.keys(node)).not.toContain('optionsSchema');
    expect(JSON.stringify(node)).not.toContain('Loudness');
  });

  it('asks a schema once for its JSON Schema, and not at all for one that has none', () => {
    const schema = z.object({ db: z.number() });
    let asked = 0;
    const standard = schema['~standard'];
    const input = () => {
      asked++;
      return { type: 'object', properties: { db: {} } };
    };
    const counting = { '~standard': { ...standard, jsonSchema: { input } } } as unknown as StandardSchema;
    const factory = make(counting);
    for (let time = 0; time < 3; time++) inspected(factory, { db: 1 }).optionsSchema;
    expect(asked).toBe(1);
    expect(make(v.object({})).optionsSchema).toBeUndefined();
    expect(inspected(make(), {}).optionsSchema).toBeUndefined();
  });
});

function hiddenIn(...keys: string[]) {
  return Object.fromEntries(keys.map((key) => [key, '[hidden]']));
}
