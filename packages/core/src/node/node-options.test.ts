import * as v from 'valibot';
import { assert, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { graph } from '../graph/graph.ts';
import { defineNode } from './define-node.ts';
import { audioPort } from './port.ts';
import type { StandardSchema } from './standard-schema.ts';

const ports = { inputs: { in: audioPort() }, outputs: { out: audioPort() } };
const limiter = defineNode({
  name: 'limiter',
  ...ports,
  options: z.object({ ceilingDb: z.number(), releaseMs: z.number().default(50) }),
  create: (options) => {
    expectTypeOf(options).toEqualTypeOf<{ ceilingDb: number; releaseMs: number }>();
    return {};
  },
});
const unknown = (message: RegExp) =>
  expect.objectContaining({ code: 'SLUICE_INVALID_ARGUMENT', message: expect.stringMatching(message) });

describe('the factory of a node', () => {
  it('takes what its schema takes, and requires what that requires', () => {
    expectTypeOf(limiter).parameters.toEqualTypeOf<[options: { ceilingDb: number; releaseMs?: number | undefined }]>();
    expect(limiter({ ceilingDb: -1 }).name).toBe('limiter');
    // @ts-expect-error an option is missing
    expect(() => limiter()).toThrow(expect.objectContaining({ code: 'SLUICE_NODE_OPTIONS' }));
    // @ts-expect-error an option is missing
    expect(() => limiter({})).toThrow(/ceilingDb/);
    // @ts-expect-error of the wrong kind
    expect(() => limiter({ ceilingDb: '-1' })).toThrow(/ceilingDb/);
  });

  it('takes the input of a schema that transforms, and gives the node its output', () => {
    const given: unknown[] = [];
    const delayed = defineNode({
      name: 'delayed',
      ...ports,
      options: z.object({ delay: z.string().transform(Number) }),
      create: (options) => {
        expectTypeOf(options).toEqualTypeOf<{ delay: number }>();
        return {};
      },
      live: (options) => {
        given.push(options);
        return false;
      },
    });
    expectTypeOf(delayed).parameters.toEqualTypeOf<[options: { delay: string }]>();
    delayed({ delay: '20' });
    expect(given).toEqual([{ delay: 20 }]);
  });

  it('needs no options where none are required', () => {
    const optional = defineNode({
      name: 'optional',
      ...ports,
      options: z.object({ db: z.number().default(0) }),
      create: () => ({}),
    });
    expectTypeOf(optional).parameters.toEqualTypeOf<[options?: { db?: number | undefined }]>();
    expect(optional().name).toBe('optional');
    const bare = defineNode({ name: 'bare', ...ports, create: () => ({}) });
    expect(bare().name).toBe('bare');
  });

  it('takes what `create` declares where there is no schema', () => {
    const plain = defineNode({ name: 'plain', ...ports, create: (_options: { db: number; ms?: number }) => ({}) });
    expectTypeOf(plain).parameters.toEqualTypeOf<[options: { db: number; ms?: number }]>();
    expect(plain({ db: 1 }).name).toBe('plain');
    // @ts-expect-error an option is missing
    plain();
  });

  it.each([null, 3, 'fast', [], Promise.resolve({})])('refuses %j in place of options', (options) => {
    const open: (options: never) => unknown = limiter;
    if (options === null) expect(() => open(options as never)).toThrow(/ceilingDb/);
    else expect(() => open(options as never)).toThrow(unknown(/^limiter is not valid; expected an object/));
  });
});

describe('keys that are none of the options', () => {
  const make = (schema: StandardSchema, optionKeys?: readonly string[]) =>
    defineNode({
      name: 'node',
      ...ports,
      options: schema,
      ...(optionKeys === undefined ? {} : { optionKeys: optionKeys as never }),
      create: () => ({}),
    }) as (options?: object) => ReturnType<typeof limiter>;

  it('are refused by what the JSON Schema names, with the nearest name', () => {
    const open = limiter as (options: object) => unknown;
    expect(() => open({ ceilingDb: -1, release: 20 })).toThrow(
      unknown(
        /^limiter\.release is not valid; expected one of the options ceilingDb, releaseMs; did you mean releaseMs\?/,
      ),
    );
  });

  const fade = z.object({ inMs: z.number(), curve: z.enum(['linear', 'sine']).default('sine') });
  it.each<[string, StandardSchema, object, RegExp]>([
    ['in an object', z.object({ fade }), { fade: { inMs: 3, curv: 'sine' } }, /^node\.fade\.curv .*did you mean curve/],
    [
      'in a list',
      z.object({ fades: z.array(fade) }),
      { fades: [{ inMs: 1 }, { inMs: 2, outMs: 3 }] },
      /^node\.fades\.1\.outMs /,
    ],
    [
      'in no branch of a union',
      z.union([z.object({ kind: z.literal('a'), db: z.number() }), z.object({ kind: z.literal('b'), ms: z.number() })]),
      { kind: 'a', db: 1, hz: 2 },
      /^node\.hz .*kind, db, ms/,
    ],
    [
      'in no part of an intersection',
      z.object({ a: z.number() }).and(z.object({ b: z.number() })),
      { a: 1, b: 2, c: 3 },
      /a, b/,
    ],
    [
      'behind a reference',
      z.object({ fade: fade.meta({ id: 'SharedFade' }), also: fade }),
      { fade: { inMs: 1, x: 1 }, also: { inMs: 1 } },
      /^node\.fade\.x /,
    ],
    [
      'beside what JSON Schema cannot say',
      z.object({ at: z.date(), run: z.custom<() => void>() }),
      { at: new Date(), go: 1 },
      /^node\.go /,
    ],
    ['of a strict schema', z.strictObject({ a: z.number() }), { a: 1, b: 2 }, /^node\.b .*one of the options a/],
    ['where there are no options', z.object({}), { a: 1 }, /^node\.a is not valid; expected no options/],
  ])('are refused %s', (_, schema, options, message) => {
    expect(() => make(schema)(options)).toThrow(unknown(message));
  });

  const part = z.object({
    name: z.string(),
    get parts() {
      return z.array(part).optional();
    },
  });
  it.each<[string, StandardSchema, object]>([
    ['a loose object', z.looseObject({ a: z.number() }), { a: 1, b: 2 }],
    ['a record', z.record(z.string(), z.number()), { a: 1, b: 2 }],
    ['a record within', z.object({ gains: z.record(z.string(), z.number()) }), { gains: { ann: 1 } }],
    ['a catch-all', z.object({ a: z.number() }).catchall(z.string()), { a: 1, b: 'c' }],
    ['anything within', z.object({ tags: z.any() }), { tags: { x: { y: 1 } } }],
    ['an optional or null object', z.object({ fade: fade.nullish() }), { fade: { inMs: 1 } }],
    ['a schema that refers to itself', part, { name: 'a', parts: [{ name: 'b', parts: [] }] }],
    ['values of a class', z.object({ at: z.date() }), { at: new Date(0) }],
  ])('are what %s takes', (_, schema, options) => {
    expect(make(schema)(options).warnings).toEqual([]);
  });

  const checked = v.object({ db: v.number(), rampMs: v.optional(v.number()) });

  it('are refused by `optionKeys`, whatever the schema says', () => {
    const node = make(checked, ['db', 'rampMs']);
    expect(node({ db: 1, rampMs: 2 }).warnings).toEqual([]);
    expect(() => node({ db: 1, ramp: 2 })).toThrow(unknown(/^node\.ramp .*did you mean rampMs\?/));
    const renamed = make(
      v.pipe(
        v.object({ db: v.number() }),
        v.transform(({ db }) => ({ gain: 10 ** (db / 20) })),
      ),
      ['db'],
    );
    expect(renamed({ db: -6 }).warnings).toEqual([]);
  });

  it('warn in inspect() where neither names keys and validation drops them', () => {
    const bot = graph('bot');
    bot.add(make(checked)({ db: 1, ramp: 2, colour: 'red' }), { name: 'voice' });
    bot.add(make(checked)({ db: 1, rampMs: 2 }), { name: 'fine' });
    const { problems, nodes } = bot.inspect();
    expect(problems).toContain(
      "`voice` was given the option colour, which its schema drops; correct it, or name it in the node's optionKeys",
    );
    expect(problems.some((problem) => /fine/.test(problem))).toBe(false);
    assert(nodes.every(({ warnings }) => Array.isArray(warnings)));
  });
});
