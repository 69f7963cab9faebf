import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalidArgument } from '@sluice/core';
import { voiceError } from '@sluice/core/voice';

/** The folder of the acoustic models, with the slash at its end that the library does not add. */
export const modelBase = (): string =>
  join(dirname(fileURLToPath(import.meta.resolve('soundswallower'))), 'model').concat('/');

/** Phones of the model (ARPAbet without stress): https://en.wikipedia.org/wiki/ARPABET */
export const phones =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(' ');

let known: ReadonlySet<string> | undefined;

/** The dictionary's words, read once a process: about 130,000 in some 0.1 s, before anything runs. */
function dictionary(): ReadonlySet<string> {
  if (known !== undefined) return known;
  try {
    const text = readFileSync(join(modelBase(), 'en-us', 'dict.txt'), 'utf8');
    known = new Set(text.match(/^[^\s;(]+/gm) ?? []);
    return known;
  } catch (cause) {
    const fix = 'Install soundswallower 0.6.3 again';
    throw voiceError('its dictionary cannot be read', { model: 'soundswallower', category: 'give-up', fix, cause });
  }
}

/**
 * Refuses words that have no pronunciation.
 *
 * @throws TypeError that names them
 */
export function checkPronounceable(words: readonly string[], own: Readonly<Record<string, string>>): void {
  const missing = words.filter((word) => !dictionary().has(word) && !Object.hasOwn(own, word));
  if (missing.length === 0) return;
  const example = `pronunciations: { ${JSON.stringify(missing[0])}: 'S L UW S' }`;
  throw invalidArgument('grammar', `words of the dictionary, or ${example} for others`, missing.join(', '));
}

/** @throws TypeError for a pronunciation that is not one */
export function checkPronunciations(own: unknown): void {
  if (typeof own !== 'object' || own === null) throw invalidArgument('pronunciations', 'phones by word', own);
  for (const [word, spoken] of Object.entries(own)) {
    if (word !== word.toLowerCase() || /\s/.test(word))
      throw invalidArgument('pronunciations', 'one word in lower case for each pronunciation', word);
    const right = typeof spoken === 'string' && spoken.split(' ').every((phone) => phones.includes(phone));
    if (!right) throw invalidArgument(`pronunciations.${word}`, `phones of ${phones.join(' ')}`, spoken);
  }
}
