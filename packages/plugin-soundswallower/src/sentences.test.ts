import { describe, expect, it } from 'vitest';
import { grammarWords } from './grammar-words.ts';
import { sentences } from './sentences.ts';

describe('sentences', () => {
  it('writes a grammar of words, options, alternatives and slots', () => {
    const grammar = sentences(['Set a timer for {Count} [more] (seconds | minutes), please!', "what's up"], {
      Count: ['ten', 'twenty [one]'],
    });
    expect(grammar.split('\n').slice(2, 4)).toEqual([
      "public <sentence> = ( set a timer for <slot_Count> [ more ] ( seconds | minutes ) please ) | ( what's up );",
      '<slot_Count> = ( ten ) | ( twenty [ one ] );',
    ]);
    expect(grammarWords(grammar).sort().join(' ')).toBe(
      "a for minutes more one please seconds set ten timer twenty up what's",
    );
  });

  it('knows the names of slots at compile time', () => {
    // @ts-expect-error the slot is called count
    expect(() => sentences(['wait {count} seconds'], { cuont: ['ten'] })).toThrow(/\{count\}/);
    // @ts-expect-error a slot without its phrases
    expect(() => sentences(['wait {count} seconds'])).toThrow(/\{count\}/);
  });

  it.each([
    '',
    '...',
    'a [b',
    'a) b',
    'a (b]',
    'stop {',
    'stop {}',
    'stop {two words}',
    'a = b',
    'a; b',
    '<a>',
    'a* b',
  ])('refuses %j', (pattern) => expect(() => sentences([pattern])).toThrow(/^sentence is not valid/));

  it('refuses no sentences, slots that no sentence uses, and slots in slots', () => {
    expect(() => sentences([])).toThrow(TypeError);
    expect(() => sentences(['stop'], { count: ['ten'] } as never)).toThrow(/slots\.count/);
    expect(() => sentences(['wait {a}'], { a: [] })).toThrow(/slots\.a/);
    expect(() => sentences(['wait {a}'], { a: ['for {b}'] })).toThrow(/sentence/);
  });
});

describe('grammarWords', () => {
  it('passes over what is not said', () => {
    const words = grammarWords(`#JSGF V1.0 UTF-8 en;
      grammar org.example.pizza; // not these
      /* nor (these */
      public <order> = [<please>] /0.7/ a pizza {tag (} | /0.3/ two Pizzas <NULL>;
      <please> = (I want)+ | gimme*;`);
    expect(words).toEqual(['a', 'pizza', 'two', 'pizzas', 'i', 'want', 'gimme']);
  });

  it.each([
    ['play music', /begins with/],
    ['#JSGF V1.0;\ngrammar g;\n<a> = b;', /public rule/],
    ['#JSGF V1.0;\ngrammar g;\nimport <x.y>;\npublic <a> = b;', /imports/],
    ['#JSGF V1.0;\ngrammar g;\npublic <a> = b <c>;', /<c>/],
    ['#JSGF V1.0;\ngrammar g;\npublic <a> = (b;', /brackets/],
    ['#JSGF V1.0;\ngrammar g;\npublic <a> = b];', /brackets/],
    ['#JSGF V1.0;\ngrammar g;\npublic <a> = <NULL>;', /with words/],
  ])('says what is wrong with %j', (grammar, message) => expect(() => grammarWords(grammar)).toThrow(message));
});
