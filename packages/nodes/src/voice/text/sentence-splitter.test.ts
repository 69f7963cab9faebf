import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Sentence, SentenceSplitter, type SentenceSplitterOptions } from './sentence-splitter.ts';

function split(pieces: Iterable<string>, options: SentenceSplitterOptions = {}): Sentence[] {
  const splitter = new SentenceSplitter(options);
  const sentences: Sentence[] = [];
  for (const piece of pieces) sentences.push(...splitter.push(piece));
  return [...sentences, ...splitter.end()];
}

/** Texts, `|` where each has to be split. */
const texts: Record<string, Record<string, readonly string[]>> = {
  en: {
    plain: ['Hello there.  |How are you? |Fine! |Good.', 'One sentence', 'Really?! |Yes!! |Well.', ''],
    titles: [
      'Dr. Smith met Mr. Jones and Mrs. Brown. |They spoke.',
      'We asked Prof. Lee vs. Gen. Ames. |Nobody came.',
      'St. John lives on Main St. |He is old.',
    ],
    latin: ['Use a tool, e.g. Git or i.e. Mercurial. |Then stop.', 'Apples, pears, etc. |The rest is gone.'],
    'amounts and versions': [
      'It costs $3.50. |That is cheap.',
      'It is 1.000,50 euros. |Fine.',
      'Node 20.19.1 is out. |Use v2.0. |Then 3.',
      'I paid 20 dollars. 15 of them were mine.',
      'I paid 20 dollars. |15 People came.',
    ],
    times: [
      'Come at 3 p.m. Eastern time. |Bye.',
      'Come at 3 p.m. |The door is open.',
      'At 10 a.m. we eat.',
      'Come on Tues. Jan. 5 at noon.',
      'It is 3 p.m. |I’ll go.',
    ],
    initials: [
      'J. R. R. Tolkien wrote it. |He was from Oxford.',
      'The U.S. Army came. |It left.',
      'He lives in the U.S. |He likes it.',
      'Take plan B. |Then rest.',
      'J. A. Smith is here.',
      'She has a Ph.D. |She teaches.',
    ],
    numbers: ['See No. 5 Main. |No. |I will not.', 'See Fig. 3 Below.', 'On Jan. 5 Ann left.'],
    addresses: [
      'See https://example.com/a?Q=1!B. |Then write to a.b@c.org. |Bye.',
      'Go to www.example.com?Next=You now. |Or not.',
      'Use .NET or Node.js. |Both work.',
      'Call Foo().Bar() twice. |Done.',
    ],
    ellipses: ['Well... |I think so.', 'Well... maybe.', 'Well… |I think so.', 'Well… maybe.', 'Wait…what?'],
    'quotes and brackets': [
      'He said "Stop." |Then he left.',
      '“Why?” he asked. |She left.',
      '(It was late.) |We left.',
      '"Hi!" |"Hello!"',
      '**Really.** |Yes.',
      'He asked “Why?” |She left.',
    ],
    lists: [
      '1. First item.\n|2. Second item.\n|3. Third.',
      'Steps:\n|1. Open it\n|2. Close it',
      'Do this: 1. Open it. |2. Close it.',
      'Things:\n|- one\n|- two\n|* three\n|• four',
      'i. First.\n|ii. Second.',
      'Which year? |1984. |Great.',
    ],
    lines: ['Title\n|Then text\n\n|more', 'One.\r\n\r\n|Two.'],
    'nothing to say': ['Great! |🎉 Now go.', 'Great! 🎉', '--- Hello.', '?!', '   '],
    'without space': ['Really?|Yes.', 'Stop!|Now.', 'a?b:c'],
  },
  de: {
    abbreviations: [
      'Das ist z.B. Obst. |Gut.',
      'Das ist z. B. Obst. |Gut.',
      'Äpfel, Birnen usw. |Das reicht.',
      'Hr. Maier bzw. Fr. Maier.',
      'Dr. med. Huber kommt. |Gut.',
    ],
    quotes: ['„Wirklich?“ fragte er. |„Ja.“ |Gut.', '»Nein!« |»Doch.« |Gut.'],
    ordinals: [
      'Am 3. Mai kommt er. |Er bleibt.',
      'Es waren 15. |Dann kamen mehr.',
      'Nr. 5 lebt.',
      'Kaiser Karl V. Habsburg.',
    ],
  },
  fr: {
    plain: [
      'M. Dupont est là. |Il mange.',
      'Quoi ? |Non ! |Si.',
      'Il dit : « Bonjour. » |Elle part.',
      '« Quoi ? » dit-il. |Elle part.',
    ],
  },
  es: { plain: ['¿Qué tal? |¡Muy bien! |Gracias.', 'El Sr. Ruiz vive en EE.UU. |Es feliz.'] },
  zh: { plain: ['你好。|今天天气很好！|是吗？|对。', '他说：“你好。”|然后走了。', '他说……好吧。'] },
  ja: { plain: ['はい。|そうです！|「ええ。」|では。'] },
  hi: { plain: ['नमस्ते। |आप कैसे हैं? |ठीक।'] },
  el: { plain: ['Τι κάνεις; |Καλά.'] },
};

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc
    .array(
      fc.constantFrom(
        ...['Dr', 'p.m', 'etc', 'No', '5', '42', '3.5', 'The', 'so', 'Ann', 'I', 'https://a.b', '。', '你', '…', '...'],
        ...['.', '!', '?', ',', ' ', '  ', '\n', '\r\n', '"', '”', ')', '(', '**', '- ', '🎉', '\ud83c', '\udf89', 'é'],
      ),
      { maxLength: 60 },
    )
    .map((words) => words.join('')),
);

describe('SentenceSplitter', () => {
  for (const [locale, groups] of Object.entries(texts))
    for (const [name, list] of Object.entries(groups))
      it.each(list)(`${locale}, ${name}: %j`, (marked) => {
        const text = marked.replaceAll('|', '');
        const sentences = split([...text], { locale });
        expect(sentences.map((sentence) => sentence.text)).toEqual(text === '' ? [] : marked.split('|'));
      });

  it('gives each sentence with the first letter of the next, or with the word that decides', () => {
    const splitter = new SentenceSplitter();
    const given = [...'I paid 20 dollars. It is 3 p.m. The end'].map((letter) => splitter.push(letter).length);
    expect(given.flatMap((count, index) => (count > 0 ? [index] : []))).toEqual([19, 36]);
  });

  it('tells positions in UTF-16 units of the whole text', () => {
    expect(split(['Hi 🎉 you. ', 'Next one.\n', 'Third'])).toEqual([
      { text: 'Hi 🎉 you. ', start: 0, end: 11 },
      { text: 'Next one.\n', start: 11, end: 21 },
      { text: 'Third', start: 21, end: 26 },
    ]);
  });

  it('loses nothing, and splits the same whatever the pieces', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.array(fc.nat(200), { maxLength: 12 }),
        fc.constantFrom('en', 'de', 'ja', 'el'),
        fc.constantFrom(20, 200),
        (text, cuts, locale, maxLength) => {
          const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
          const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
          const options = { locale, maxLength };
          const whole = split([text], options);
          expect(split(pieces, options)).toEqual(whole);
          expect(split(text.split(''), options)).toEqual(whole);
          expect(whole.map((sentence) => sentence.text).join('')).toBe(text);
          let at = 0;
          for (const { start, end, text: part } of whole) {
            expect([start, end]).toEqual([at, at + part.length]);
            at = end;
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('has something to say in each sentence, if the text has', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const sentences = split([text], { maxLength: 10_000 });
        if (/[\p{L}\p{N}]/u.test(text)) for (const part of sentences) expect(part.text).toMatch(/[\p{L}\p{N}]/u);
        else expect(sentences.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  describe('cuts what has no end', () => {
    const early = (text: string, maxLength: number) => {
      const splitter = new SentenceSplitter({ maxLength });
      return [...text].flatMap((letter) => splitter.push(letter)).map((part) => part.text);
    };

    it('behind the last comma, before the text is over', () => {
      expect(early('and so we went, over the hills and, far away', 40)).toEqual([
        'and so we went, over the hills and, ',
      ]);
    });
    it('at the last space, but not behind a title', () => {
      expect(early('and so we went over the hill to Dr. Smithers', 40)).toEqual(['and so we went over the hill to ']);
    });
    it('at a word of a script without spaces', () => {
      const [first] = early('今日は天気がとても良いので公園へ散歩に行きたいと思います', 20);
      expect(first!.length).toBeGreaterThan(14);
      expect('今日は天気がとても良いので公園へ散歩に行きたいと思います').toContain(first);
    });
    it('anywhere in one long word, but in no pair of surrogates', () => {
      expect(early('a'.repeat(50), 20).map((part) => part.length)).toEqual([20, 20]);
      for (const part of early(`a${'𝒳'.repeat(50)}`, 20)) expect(part).not.toMatch(/\p{Cs}/u);
    });
    it('not in an amount', () => {
      expect(early('it costs about $1,000,000 more', 20)).toEqual(['it costs about ']);
    });
    it('in pieces of bounded length, whatever floods in', () => {
      for (const unit of ['x, ', ' ', '\n', '-', '.', '1. ', 'a.', '\u0301', ')']) {
        const flood = split([`Begin ${unit.repeat(30_000)} end`]);
        expect(Math.max(...flood.map((part) => part.text.length))).toBeLessThanOrEqual(402);
        expect(flood.reduce((sum, part) => sum + part.text.length, 0)).toBe(10 + 30_000 * unit.length);
      }
    });
  });

  it('begins anew after reset() and end()', () => {
    const splitter = new SentenceSplitter();
    splitter.push('Never said. Al');
    splitter.reset();
    expect(splitter.push('One. Two')).toEqual([{ text: 'One. ', start: 0, end: 5 }]);
    expect(splitter.end()).toEqual([{ text: 'Two', start: 5, end: 8 }]);
    expect(splitter.end()).toEqual([]);
    expect(splitter.push('One. Two')).toEqual([{ text: 'One. ', start: 0, end: 5 }]);
  });

  it('refuses at once what is no text, language or length', () => {
    expect(() => new SentenceSplitter().push(4 as never)).toThrow(TypeError);
    for (const locale of ['no language', 5, {}, []])
      expect(() => new SentenceSplitter({ locale: locale as never })).toThrow(
        /locale is not valid; expected a language tag/,
      );
    expect(() => new SentenceSplitter({ maxLength: 3 })).toThrow(RangeError);
    expect(new SentenceSplitter({ locale: 'tlh' }).push('One. Two')).toHaveLength(1);
  });
});
