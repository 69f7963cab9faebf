import { describe, expect, it } from 'vitest';
import { argumentFault } from './check-arguments.ts';

const schema = {
  type: 'object',
  required: ['day', 'people'],
  additionalProperties: false,
  properties: {
    day: { type: 'string', enum: ['monday', 'tuesday'] },
    people: { type: 'integer' },
    wishes: { type: 'array', items: { type: ['string', 'null'] } },
    address: { type: 'object', required: ['street'], properties: { street: { type: 'string' } } },
  },
};

describe('argumentFault', () => {
  it.each([
    [{ day: 'monday', people: 2, wishes: ['quiet', null], address: { street: 'Main' } }, undefined],
    [{ people: 2 }, 'day is missing'],
    [{}, 'day is missing; people is missing'],
    [{ day: 'monday', people: '2' }, 'people must be integer, not string'],
    [{ day: 'monday', people: 2.5 }, 'people must be integer, not number'],
    [{ day: 'someday', people: 2 }, 'day must be one of "monday", "tuesday"'],
    [{ day: 'monday', people: 2, wishes: ['quiet', 3] }, 'wishes[1] must be string or null, not number'],
    [{ day: 'monday', people: 2, wishes: {} }, 'wishes must be array, not object'],
    [{ day: 'monday', people: 2, address: {} }, 'address.street is missing'],
    [{ day: 'monday', people: 2, hour: 9 }, 'there is no hour'],
    [[], 'the arguments must be object, not array'],
    [null, 'the arguments must be object, not null'],
  ])('says of %j: %s', (args, fault) => {
    expect(argumentFault(schema, args)).toBe(fault);
  });

  it('lets everything pass where there is no schema', () => {
    expect(argumentFault(undefined, { any: 1 })).toBeUndefined();
    expect(argumentFault({ type: 'object' }, { __proto__: null, toString: 1 })).toBeUndefined();
  });
});
