import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CreateError } from './create-error.ts';
import { checkPackageName } from './package-name.ts';
import { readTemplate } from './read-template.ts';
import { checkTemplate, type TemplateName } from './templates.ts';

/** Where a project is written, and from which template. */
export interface CreateOptions {
  /** Where it is written; made if it is not there. */
  readonly directory: string;
  /** What is written: one of `templateNames`. */
  readonly template: TemplateName;
  /** The name of the package. Default: the last part of `directory`. */
  readonly name?: string | undefined;
  /** Checks everything and tells what would be written, and writes nothing. Default false. */
  readonly dryRun?: boolean;
}

/** What `createProject` has written. */
export interface CreatedProject {
  /** The absolute path. */
  readonly directory: string;
  /** Of the package. */
  readonly name: string;
  /** The one it was made from. */
  readonly template: TemplateName;
  /** Paths in it, with `/`, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes a project: the files of a template, under a name. Needs no network and installs nothing. A directory that has
 * anything but `.git` in it is refused, and no file is ever overwritten.
 *
 * @throws TypeError for options that are none; CreateError for a name, template or directory that will not do, or a disk
 * @example
 * const { directory, files } = await createProject({ directory: 'my-node', template: 'plugin' });
 */
export async function createProject(options: CreateOptions): Promise<CreatedProject> {
  checkOptions(options);
  const directory = resolve(options.directory);
  const template = checkTemplate(options.template);
  const name = checkPackageName(options.name ?? basename(directory));
  const files = await readTemplate(template, { name, version: await ownVersion() });
  await checkEmpty(directory);
  for (const [path, text] of options.dryRun === true ? [] : files) {
    const file = join(directory, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
    } catch (cause) {
      throw new CreateError('CREATE_WRITE', `${file} cannot be written: ${(cause as Error).message}`, { cause });
    }
  }
  return { directory, name, template, files: [...files.keys()] };
}

function checkOptions(options: CreateOptions): void {
  const keys = ['directory', 'template', 'name', 'dryRun'];
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`createProject takes an object with the options ${keys.join(', ')}`);
  const stray = Object.keys(options).find((key) => !keys.includes(key));
  if (stray !== undefined) throw new TypeError(`createProject has no option ${stray}; it has ${keys.join(', ')}`);
  for (const key of ['directory', 'name'] as const) {
    const value: unknown = options[key];
    if (typeof value !== 'string' && !(key === 'name' && value === undefined))
      throw new TypeError(`createProject.${key} must be a string, received ${typeof value}`);
  }
  const dryRun: unknown = options.dryRun;
  if (dryRun !== undefined && typeof dryRun !== 'boolean')
    throw new TypeError(`createProject.dryRun must be true or false, received ${typeof dryRun}`);
}

/** A fresh clone has a `.git` and nothing else. */
async function checkEmpty(directory: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new CreateError('CREATE_FOLDER', `${directory} is no folder that can be read`, { cause: error });
  }
  const there = entries.filter((entry) => entry !== '.git');
  if (there.length === 0) return;
  const shown = `${there.slice(0, 3).join(', ')}${there.length > 3 ? `, and ${there.length - 3} more` : ''}`;
  throw new CreateError('CREATE_FOLDER', `${directory} is not empty (${shown}); give a new or empty folder`);
}

async function ownVersion(): Promise<string> {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
