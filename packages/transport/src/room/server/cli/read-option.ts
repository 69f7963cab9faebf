// What the programs of the room server share: their arguments, and secrets that come from an option, a file or the
// environment and are never shown. Starts nothing.

import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { toError } from '@sluice/core';
import { systemCode } from '../../protocol/network-advice.ts';

/** What a program is started with. */
export interface ProgramInput {
  /** What stands behind its name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The options of a command line. Throws a sentence for what is none, without its value: that may be a secret. */
export function readOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  { args }: ProgramInput,
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options; allowPositionals: true }>>['values'] {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length > 0) throw new TypeError(`${positionals.length} arguments belong to no option`);
  return values;
}

/** The text of a file that an option names. */
export function readOptionFile(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TypeError(`${option}: ${path} cannot be read (${systemCode(error)})`);
  }
}

export interface SecretSources {
  /** Values of the option, and of the option that names files. */
  readonly given?: readonly string[] | undefined;
  readonly files?: readonly string[] | undefined;
  /** What the environment says, for when there is neither: words with white space between them. */
  readonly variable: string | undefined;
}

/** Secrets from wherever they are given; none is possible. */
export function readSecrets({ given = [], files = [], variable = '' }: SecretSources): readonly string[] {
  const told = [...given, ...files.map((path) => readOptionFile('a file of secrets', path).trim())];
  if (told.length > 0) return told;
  return variable.split(/\s+/).filter((word) => word !== '');
}

/** Ends a program that was asked for something in a wrong way: says why and how it is used. */
export function failWith(usage: string, error: unknown): never {
  process.stderr.write(`${toError(error).message}\n\n${usage}`);
  process.exit(2);
}
