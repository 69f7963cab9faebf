import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieces } from './pieces.ts';
import { hasLetters, spokenTokens } from './spoken-tokens.ts';

const spoken = (text: string) => spokenTokens(text).map((token) => token.spoken);

describe('tokens that flite speaks', () => {
  it('stand where the text has them', () => {
    const text = '  Well,\t“hello”  world!\n';
    expect(spokenTokens(text).map(({ from, to }) => text.slice(from, to))).toEqual(['Well,', '“hello”', 'world!']);
    expect(spoken(text)).toEqual(['Well,', '"hello"', 'world!']);
  });

  it.each([
    ['café naïve Straße', ['cafe', 'naive', 'Strasse']],
    ['it’s 5€ at 20°', ["it's", '5 euros', 'at', '20 degrees']],
    ['**bold** _it_ `code`, a_b', ['bold', 'it', 'code,', 'a_b']],
    ['this — that', ['this,', 'that']],
    ['😀 hi 👋🏽', ['hi']],
    ['a\u0001b\u0000c', ['a', 'b', 'c']],
    ['2 + 2 & 50 %', ['2', '+', '2', '&', '50', '%']],
    ['say Привет now 你好', ['say', 'now']],
    ['... - " *', []],
    ['', []],
  ])('%j are %j', (text, expected) => expect(spoken(text)).toEqual(expected));

  it('are ASCII without white space at their ends, in order and within the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        let last = 0;
        for (const { from, to, spoken: form } of spokenTokens(text)) {
          expect(form).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('of one endless word are many', () =>
    expect(spoken('x'.repeat(250)).map(({ length }) => length)).toEqual([100, 100, 50]));

  it('tells letters of any script from none', () => {
    for (const text of ['a', '7', 'ж', '你']) expect(hasLetters(text)).toBe(true);
    for (const text of ['', '?!', '😀', ' \n']) expect(hasLetters(text)).toBe(false);
  });
});

describe('pieces', () => {
  const cut = (text: string) => pieces(spokenTokens(text)).map((piece) => piece.map((token) => token.spoken).join(' '));

  it('are one while it is short, cut nowhere', () => {
    expect(cut('Dr. Smith is in. Is he?')).toEqual(['Dr. Smith is in. Is he?']);
    expect(cut('')).toEqual([]);
  });

  it('end with a sentence, else a clause, else a word', () => {
    const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');
    const parts = [`${words(20)}.`, `${words(20)},`, words(30)];
    expect(cut(parts.join(' '))).toEqual(parts);
    expect(cut(`${words(30)}, ${words(30)}`)[0]).toBe(`${words(30)},`);
    expect(cut(words(60))[0]).toBe(words(48));
  });

  it('lose no token and none is too long', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,90}[.,;]?$/), { maxLength: 60 }), (words) => {
        const tokens = spokenTokens(words.join(' '));
        const all = pieces(tokens);
        expect(all.flat()).toEqual(tokens);
        for (const piece of all) expect(piece.map((token) => token.spoken).join(' ').length).toBeLessThanOrEqual(240);
      }),
    );
  });
});
