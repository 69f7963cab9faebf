import { parseArgs } from 'node:util';
import { nearestName } from '@sluice/core';
import { wrongUsage } from '../errors.ts';
import type { Command, Flag, Flags } from './command.ts';

/** What every command takes. */
export const commonFlags = {
  json: {
    type: 'boolean',
    about: 'one object { ok, command, result, problems, next } as the result',
  },
  quiet: { type: 'boolean', about: 'the result alone, no talk' },
  'no-color': { type: 'boolean', about: 'no colours', env: 'NO_COLOR' },
  help: { type: 'boolean', about: 'this', short: 'h' },
} as const satisfies Flags;

export interface Arguments {
  readonly words: readonly string[];
  readonly rest: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** The name of the variable that gives a flag if the command line does not. */
export function twinOf(command: string, name: string, { env }: Pick<Flag, 'env'> = {}): string {
  const words = name in commonFlags ? ['SLUICE', name] : ['SLUICE', command, name];
  return env ?? words.join('_').toUpperCase().replaceAll('-', '_');
}

/**
 * Reads what stands behind the name of a command, strictly.
 *
 * @throws SLUICE_CLI_USAGE for a flag that it does not have, a value that is missing, words too few or too many
 */
export function readArguments(
  { name, flags, words: { least, most }, usage }: Command,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Arguments {
  const all: Flags = { ...flags, ...commonFlags };
  const cut = args.indexOf('--');
  const [before, rest] = cut < 0 ? [args, []] : [args.slice(0, cut), args.slice(cut + 1)];
  const { values, positionals: words } = parse(name, before, all);
  for (const [flag, spec] of Object.entries(all))
    if (flag !== 'help') values[flag] ??= fromTwin(env[twinOf(name, flag, spec)], spec);
  if (values.help !== true && words.includes(''))
    throw wrongUsage(`sluice ${name} takes ${usage}, and a word of them is empty`, `sluice ${name} --help`);
  if (values.help !== true && (words.length < least || words.length > most))
    throw wrongUsage(
      words.length < least
        ? `sluice ${name} needs ${usage}`
        : `sluice ${name} does not take ${words.slice(most).join(' ')}`,
      `sluice ${name} --help`,
    );
  return { words, rest, values };
}

function parse(name: string, args: readonly string[], flags: Flags) {
  const { values, positionals, tokens } = parsed(name, args, flags);
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  // Which of two values was meant nobody knows.
  const twice = given.find((flag, at) => !flags[flag]?.multiple && given.indexOf(flag) < at);
  if (twice !== undefined) throw wrongUsage(`sluice ${name} takes --${twice} once`, `sluice ${name} --help`);
  return { values: { ...values } as Record<string, Arguments['values'][string]>, positionals };
}

function parsed(name: string, args: readonly string[], flags: Flags) {
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { type, short, multiple }]) => [
      flag,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  } catch (error) {
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    const stray = (isUnknown ? args : [])
      .map((arg) => /^--?([\w-]+)/.exec(arg)?.[0])
      .find((flag) => flag !== undefined && !isFlag(flag, flags));
    if (stray === undefined) throw wrongUsage((error as Error).message.replaceAll('\n', ' '), `sluice ${name} --help`);
    const near = nearestName(stray.replace(/^-+/, ''), Object.keys(flags));
    const hint = near === undefined ? '' : `; did you mean --${near}?`;
    throw wrongUsage(`sluice ${name} has no flag ${stray}${hint}`, `sluice ${name} --help`);
  }
}

function isFlag(given: string, flags: Flags): boolean {
  if (given.startsWith('--')) return given.slice(2) in flags;
  return Object.values(flags).some(({ short }) => short === given.slice(1));
}

function fromTwin(text: string | undefined, { type, multiple, env }: Flag): Arguments['values'][string] {
  // That one is everybody's: whatever it holds, it counts (no-color.org).
  if (env === 'NO_COLOR') return text !== undefined && text !== '';
  if (type === 'boolean') return text !== undefined && text !== '' && text !== '0' && text !== 'false';
  if (multiple) return text === undefined ? [] : [text];
  return text;
}
