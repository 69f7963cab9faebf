import { describe, expect, it } from 'vitest';
import { voiceError } from '../../voice/voice-error.ts';
import { packValue } from './pack-value.ts';
import { unpackValue } from './unpack-value.ts';
import { DEEPEST, keepAll, MARK } from './value-mark.ts';

const none = new Uint8Array(0);
const again = (value: unknown) => unpackValue(packValue(value, keepAll).json, none);

describe('a value of a session', () => {
  it.each([Number.POSITIVE_INFINITY, Number.NaN, -0, 250])('has a wait of %d as it was', (retryAfterMs) => {
    const error = voiceError('is busy', { model: 'm', category: 'wait', retryAfterMs });
    expect(again(error)).toMatchObject({ message: 'm: is busy', model: 'm', category: 'wait', retryAfterMs });
  });

  it('is as deep as it was packed', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'end' : [nested(depth - 1)]);
    expect(again(nested(DEEPEST + 1))).toEqual(nested(DEEPEST + 1));
    expect(packValue(nested(DEEPEST + 2), keepAll).lost).toBe('something that contains itself');
  });

  it.each([`{ "${MARK}": "array", "of": "Int16Array", "bytes": 2 }`, '{ "a": [{ "__proto__": { "b": 1 } }] }'])(
    'has the keys that it had: %s',
    (text) => {
      const value: unknown = JSON.parse(text);
      const packed = JSON.stringify(packValue(value, keepAll).json);
      expect(JSON.stringify(unpackValue(JSON.parse(packed), none))).toBe(JSON.stringify(value));
    },
  );

  const noText = { toString: 0, valueOf: 0 };
  it.each<[string, unknown]>([
    ['a number that is none', { [MARK]: 'number', is: noText }],
    ['a large number that is none', { [MARK]: 'bigint', is: noText }],
    ['an array of something', { [MARK]: 'array', of: noText, bytes: 0 }],
    ['an error without words', { [MARK]: 'error', message: noText }],
    ['an error with a strange code', { [MARK]: 'error', message: '', code: noText }],
    ['a fault of no model', { [MARK]: 'error', message: '', code: 'SLUICE_VOICE_MODEL', model: noText }],
    ['an object without entries', { [MARK]: 'object', entries: noText }],
    ['an object with an entry that is none', { [MARK]: 'object', entries: [1] }],
    ['too many levels', Array.from({ length: 1_000 }).reduce((inside) => [inside], 0)],
  ])('that nobody packed is told: %s', (_, json) => {
    expect(() => unpackValue(json, none)).toThrow(expect.objectContaining({ code: 'SLUICE_SESSION_FILE' }));
  });
});
