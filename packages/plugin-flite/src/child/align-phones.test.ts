import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignPhones } from './align-phones.ts';

const phones = (text: string) => text.split(' ').filter((phone) => phone !== '');
const align = (spoken: string, ...expected: string[]) => alignPhones(phones(spoken), expected.map(phones)).join('');

describe('the token of each spoken phone', () => {
  it('is its own where all sounds as it does alone', () =>
    expect(align('hh ax l ow dh eh r', 'hh ax l ow', 'dh eh r')).toBe('0000111'));

  it.each([
    ['another vowel', 'dh iy eh n d', ['dh ax', 'eh n d'], '00111'],
    ['a doctor for a drive', 'd aa k t er s m ih th', ['d r ay v', 's m ih th'], '000001111'],
    ['a phone less', 'w ah n t ax', ['w ah n t', 't uw'], '00011'],
    ['a token without phones', 'y eh s', ['', 'y eh s'], '111'],
  ])('survives %s', (_what, spoken, expected, tokens) => expect(align(spoken, ...expected)).toBe(tokens));

  it('is there for all, in order, whatever was expected', () => {
    const phone = fc.constantFrom('aa', 'iy', 't', 's', 'm');
    fc.assert(
      fc.property(
        fc.array(phone, { maxLength: 30 }),
        fc.array(fc.array(phone, { maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        (spoken, expected) => {
          const tokens = alignPhones(spoken, expected);
          expect(tokens).toHaveLength(spoken.length);
          expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
          for (const token of tokens) expect(expected[token]).toBeDefined();
        },
      ),
    );
  });
});
