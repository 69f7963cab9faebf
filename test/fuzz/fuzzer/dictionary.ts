import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const STRING = /'((?:[^'\\\n]|\\.){1,40})'|"((?:[^"\\\n]|\\.){1,40})"/g;
/** Keys of object literals: most of them are fields that somebody may send. */
const KEY = /(?:^|[{,(]\s*|\s)([A-Za-z_]\w{1,30})\??: /g;
const NUMBER = /\b(?:0x[0-9a-f_]{2,9}|\d[\d_]{0,9})\b/gi;

/** What breaks readers of JSON and of text that trust what they read. */
const nasty = [
  '"__proto__":',
  '"constructor":',
  '{"toString":0,"valueOf":0}',
  '\ud800',
  'null',
  '1e999',
  '-0',
  '[]',
  '{}',
  // Patterns of a replacement.
  '$`',
  "$'",
  '$&',
];

/**
 * The words that the given scripts know: their string literals, the keys of their objects, and their whole numbers as bytes
 * in both orders.
 *
 * @param urls `file:` URLs
 */
export function dictionaryOf(urls: readonly string[], more: readonly string[] = []): readonly Uint8Array[] {
  const words = new Set<string>([...nasty, ...more]);
  const numbers = new Set<number>();
  for (const url of urls) {
    const text = readFileSync(fileURLToPath(url), 'utf8');
    for (const [, single, double] of text.matchAll(STRING)) words.add(unescaped(single ?? double!));
    for (const [, key] of text.matchAll(KEY)) words.add(`"${key}":`);
    for (const [number] of text.matchAll(NUMBER)) numbers.add(Number(number.replaceAll('_', '')));
  }
  const bytes = [...numbers].filter((number) => number <= 0xffff_ffff).flatMap(asBytes);
  return [...[...words].map((word) => Uint8Array.from(Buffer.from(word))), ...bytes];
}

function unescaped(literal: string): string {
  return literal.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter);
}

function asBytes(number: number): readonly Uint8Array[] {
  const little = new Uint8Array(number > 0xffff ? 4 : number > 0xff ? 2 : 1);
  for (let at = 0, rest = number; at < little.length; at++, rest = Math.floor(rest / 256)) little[at] = rest % 256;
  return little.length === 1 ? [little] : [little, little.slice().reverse()];
}
