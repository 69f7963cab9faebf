import { invalidArgument } from '@sluice/core';

/**
 * The words that a JSGF grammar can say, lower case, each once. The recogniser itself only says that something is wrong
 * with a grammar; this says what.
 *
 * @throws TypeError where the text is no JSGF grammar that can stand alone
 * @see https://www.w3.org/TR/jsgf/
 */
export function grammarWords(jsgf: string): string[] {
  const text = jsgf.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/[^\n]*/g, ' ');
  const wrong = (rule: string) => invalidArgument('grammar', rule, jsgf);
  if (!/^\s*#JSGF\b/.test(text)) throw wrong('JSGF text that begins with "#JSGF V1.0;"');
  if (/^\s*import\b/m.test(text)) throw wrong('a JSGF grammar without imports');
  if (!/\bpublic\s*<[^<>]+>\s*=/.test(text)) throw wrong('a JSGF grammar with a public rule');
  const body = text.replace(/^\s*#JSGF[^;]*;/, '').replace(/\bgrammar\s[^;]*;/, '');
  const plain = body.replace(/\{[^{}]*\}/g, ' ').replace(/\/[\d.eE+-]+\//g, ' ');
  const defined = new Set([...plain.matchAll(/<([^<>]+)>\s*=/g)].map(([, name]) => name!));
  for (const [, name] of plain.matchAll(/<([^<>]+)>/g))
    if (!defined.has(name!) && name !== 'NULL' && name !== 'VOID') throw wrong(`a rule <${name}>, which it uses`);
  const open: string[] = [];
  for (const [bracket] of plain.matchAll(/[()[\]]/g)) {
    if (bracket === '(' || bracket === '[') open.push(bracket);
    else if (open.pop() !== (bracket === ')' ? '(' : '[')) throw wrong('a JSGF grammar whose brackets close');
  }
  if (open.length > 0) throw wrong('a JSGF grammar whose brackets close');
  const words =
    plain
      .replace(/\bpublic\s*(?=<)/g, ' ')
      .replace(/<[^<>]*>/g, ' ')
      .match(/[^\s|()[\]*+;=]+/g) ?? [];
  if (words.length === 0) throw wrong('a JSGF grammar with words');
  return [...new Set(words.map((word) => word.toLowerCase()))];
}
