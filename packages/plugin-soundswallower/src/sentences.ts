import { invalidArgument } from '@sluice/core';

/** The names in braces of a pattern: `'minutes'` of `'wait {minutes} minutes'`. */
export type SlotName<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | SlotName<Rest>
  : never;

/**
 * Sentences as a JSGF grammar. In a pattern `[please]` may be left out, `(play | start)` is one of several, `{number}` a
 * slot whose phrases `slots` lists; slots may use these forms too, other slots not. Case and punctuation do not matter;
 * numbers are written as they are spoken.
 *
 * @example
 * const grammar = sentences(['(set | start) a timer for {count} seconds [please]', 'stop'], { count: ['ten', 'twenty'] });
 * @throws TypeError for a pattern without words, brackets that do not close, and slots that are unknown or never used
 */
export function sentences<const Pattern extends string>(
  patterns: readonly Pattern[],
  ...[slots = {} as never]: [SlotName<Pattern>] extends [never]
    ? [slots?: Readonly<Record<string, never>>]
    : [slots: Readonly<Record<SlotName<Pattern>, readonly string[]>>]
): string {
  if (!Array.isArray(patterns) || patterns.length === 0)
    throw invalidArgument('sentences', 'a list with at least one sentence', patterns);
  const lists: Readonly<Record<string, readonly string[]>> = slots;
  const used = new Set<string>();
  const choices = patterns.map((pattern) =>
    expression(pattern, (name) => {
      if (!Object.hasOwn(lists, name)) throw invalidArgument('slots', `the phrases of {${name}}`, Object.keys(lists));
      used.add(name);
      return `<slot_${name}>`;
    }),
  );
  const rules = Object.entries(lists).map(([name, phrases]) => {
    if (!used.has(name)) throw invalidArgument(`slots.${name}`, `a slot that a sentence uses as {${name}}`, phrases);
    if (!Array.isArray(phrases) || phrases.length === 0)
      throw invalidArgument(`slots.${name}`, 'a list with at least one phrase', phrases);
    return `<slot_${name}> = ${phrases.map((phrase) => expression(phrase)).join(' | ')};`;
  });
  return ['#JSGF V1.0;', 'grammar sentences;', `public <sentence> = ${choices.join(' | ')};`, ...rules, ''].join('\n');
}

/** A pattern in JSGF's words, brackets checked. */
function expression(pattern: unknown, ruleOf?: (slot: string) => string): string {
  const rule = 'words, [optional words], (one | another) and {slots}, brackets closed';
  if (typeof pattern !== 'string' || !/[a-z]/i.test(pattern)) throw invalidArgument('sentence', rule, pattern);
  const open: string[] = [];
  const parts = pattern.toLowerCase().match(/\{[^{}]*\}|[[\]()|]|[\p{L}\p{N}'_-]+|[{}<>*+/;=\\"]/gu) ?? [];
  const out = parts.map((part, index) => {
    if (part.startsWith('{')) {
      const name = pattern.match(/\{[^{}]*\}/g)?.[parts.slice(0, index).filter((one) => one.startsWith('{')).length];
      if (ruleOf === undefined || name === undefined || !/^\{\w+\}$/.test(name))
        throw invalidArgument('sentence', rule, pattern);
      return ruleOf(name.slice(1, -1));
    }
    if (/[{}<>*+/;=\\"]/.test(part)) throw invalidArgument('sentence', rule, pattern);
    if (part === '(' || part === '[') open.push(part);
    if ((part === ')' && open.pop() !== '(') || (part === ']' && open.pop() !== '['))
      throw invalidArgument('sentence', rule, pattern);
    return part;
  });
  if (open.length > 0) throw invalidArgument('sentence', rule, pattern);
  return `( ${out.join(' ')} )`;
}
