import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAsked } from '../attach/asked.ts';
import { bearerOf, doorFault, isToken } from './doors.ts';
import { idOf, readRequest } from './read-request.ts';

it.each([
  ['127.0.0.1:80', undefined, undefined],
  ['localhost:80', 'http://localhost:80', undefined],
  ['127.0.0.1:80', 'http://127.0.0.1:80', undefined],
  ['127.0.0.1:80', 'http://localhost:80', 403],
  ['127.0.0.1:80', 'https://evil.example', 403],
  ['127.0.0.1:80', 'null', 403],
  ['evil.example:80', undefined, 421],
  ['127.0.0.1:81', undefined, 421],
  [undefined, undefined, 421],
])('lets a request for %s from %s: %s', (host, origin, fault) => {
  expect(doorFault({ host, origin }, 80)).toBe(fault);
});

it('knows its token and no other', () => {
  expect(isToken('abc', 'abc')).toBe(true);
  for (const other of ['abd', 'ab', 'abcd', '', undefined]) expect(isToken(other, 'abc')).toBe(false);
  expect(bearerOf('Bearer abc')).toBe('abc');
  expect([bearerOf('Basic abc'), bearerOf(undefined)]).toEqual([undefined, undefined]);
});

describe('a request', () => {
  it('is read, and one of a later version passed over', () => {
    const scope = { type: 'scope', id: 1, graph: 1, link: 'a->b', kinds: ['peaks'] };
    expect(readRequest(JSON.stringify({ ...scope, later: true }))).toEqual(scope);
    expect(readRequest('{"type":"record"}')).toBeUndefined();
    expect(readRequest('{"type":"constructor"}')).toBeUndefined();
  });

  it.each([
    ['no JSON', '{'],
    ['no type', '[]'],
    ['id', '{"type":"unscope","id":0}'],
    ['kinds', '{"type":"scope","id":1,"graph":1,"link":"a","kinds":["all"]}'],
    ['message.type', '{"type":"send","id":1,"graph":1,"node":"a","message":{}}'],
  ])('is refused for %s', (why, text) => {
    expect(() => readRequest(text)).toThrow(
      expect.objectContaining({ code: 'SLUICE_INSPECTOR_REQUEST', message: expect.stringContaining(why) }),
    );
  });

  it('crashes nobody, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        idOf(text);
        try {
          readRequest(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SLUICE_INSPECTOR_REQUEST' });
        }
      }),
    );
  });
});

it('reads what SLUICE_INSPECT asks for', () => {
  expect(readAsked('1')).toEqual({ signal: false, media: false, control: false, snapshot: false });
  expect(readAsked('signal, media,control')).toEqual({ signal: true, media: true, control: true, snapshot: false });
  expect(() => readAsked('yes')).toThrow(TypeError);
});
