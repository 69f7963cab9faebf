import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CreateError } from './create-error.ts';
import { readFolder } from './read-template.ts';

/** What can be added to a project, each with what it is. A folder of `templates/_parts/` each. */
export const parts = {
  node: 'an operator with its test',
  example: 'a program for sluice run, with a test that hears it',
} as const satisfies Readonly<Record<string, string>>;

/** Names of the parts. */
export type PartName = keyof typeof parts;

/** What is added to which folder. */
export interface CreatePartOptions {
  /** What is written: a name of `parts`. */
  readonly part: PartName;
  /** Of the file, and in camel case of what it exports: lower-case words with dashes between. */
  readonly name: string;
  /** Where it is written; made if it is not there. */
  readonly directory: string;
}

/** What `createPart` has written. */
export interface CreatedPart {
  /** Node, plugin or example. */
  readonly part: PartName;
  /** As it was asked for. */
  readonly name: string;
  /** What the file exports; of an example it is the default export, under any name. */
  readonly exported: string;
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
}

const RESERVED =
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  );

/**
 * Adds a file and its test to a project. Overwrites nothing: if one of them is there, none is written.
 *
 * @throws CreateError CREATE_NAME, CREATE_TEMPLATE, CREATE_FOLDER where one of the files is there, CREATE_WRITE
 * @example
 * const { files } = await createPart({ part: 'node', name: 'my-gain', directory: 'src' });
 */
export async function createPart({ part, name, directory }: CreatePartOptions): Promise<CreatedPart> {
  if (!Object.hasOwn(parts, part))
    throw new CreateError(
      'CREATE_TEMPLATE',
      `there is no part ${part}; expected one of: ${Object.keys(parts).join(', ')}`,
    );
  const exported = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || RESERVED.includes(exported))
    throw new CreateError(
      'CREATE_NAME',
      `the name ${JSON.stringify(name)} will not do; give words with dashes, like my-gain`,
    );
  const into = resolve(directory);
  const values = { NAME: await packageOf(into), FILE: name, EXPORT: exported };
  const texts = [...(await readFolder(join('_parts', part)))].map(
    ([path, text]) => [join(into, filled(path, values)), filled(text.toString(), values)] as const,
  );
  for (const [file] of texts)
    if (await isThere(file)) throw new CreateError('CREATE_FOLDER', `${file} is there already; give another name`);
  try {
    await mkdir(into, { recursive: true });
    for (const [file, text] of texts) await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new CreateError('CREATE_WRITE', `${into} cannot be written to: ${(cause as Error).message}`, { cause });
  }
  return { part, name, exported, files: texts.map(([file]) => file).sort() };
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((made, [key, value]) => made.replaceAll(`__${key}__`, value), text);
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** The name of the package around a folder, or else that of the folder. */
async function packageOf(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const text = await readFile(join(at, 'package.json'), 'utf8').catch(() => undefined);
    const name: unknown = text === undefined ? undefined : JSON.parse(text).name;
    if (typeof name === 'string') return name;
    if (at === dirname(at)) return basename(folder);
  }
}
