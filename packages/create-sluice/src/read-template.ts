import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateError } from './create-error.ts';
import { sharedBy, type TemplateName } from './templates.ts';

/** What is put in place of the words in a template. */
export interface TemplateValues {
  /** The name of the package: for `__NAME__`. */
  readonly name: string;
  /** The version of sluice that it is made for, ours: all packages are released together. */
  readonly version: string;
}

const folder = fileURLToPath(new URL('../templates/', import.meta.url));

/** Stored under another name: npm leaves `.gitignore` out of a package, and takes what is beside `package.json` for one. */
const STORED: Readonly<Record<string, string>> = { _gitignore: '.gitignore', '_package.json': 'package.json' };

/**
 * The files of a project by their paths (with `/`, sorted).
 *
 * @throws CreateError CREATE_NAME where the package would depend on another of its own name: npm refuses to install that
 */
export async function readTemplate(
  template: TemplateName,
  values: TemplateValues,
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  for (const part of [...sharedBy[template], template])
    for (const [path, bytes] of await readFolder(part))
      files.set(path, path.endsWith('.wav') ? bytes : filled(bytes.toString(), values));
  checkOwnName(`${files.get('package.json') ?? '{}'}`, values.name);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The files of a folder of `templates/` by their paths, with `/`, as they are stored. */
export async function readFolder(part: string): Promise<ReadonlyMap<string, Buffer>> {
  const root = join(folder, part);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = new Map<string, Buffer>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const written = path.slice(root.length + 1).split(sep);
    files.set(written.map((part) => STORED[part] ?? part).join('/'), await readFile(path));
  }
  return files;
}

function filled(text: string, { name, version }: TemplateValues): string {
  const major = version.split('.')[0];
  return text
    .replaceAll('__NAME__', name)
    .replaceAll('__CORE_PEER__', major === '0' ? '0.x' : `^${major}.0.0`)
    .replaceAll('__CORE_DEV__', `^${version}`);
}

function checkOwnName(text: string, name: string): void {
  const manifest: Readonly<Record<string, object | undefined>> = JSON.parse(text);
  const { dependencies, peerDependencies, devDependencies } = manifest;
  if (!Object.hasOwn({ ...dependencies, ...peerDependencies, ...devDependencies }, name)) return;
  throw new CreateError('CREATE_NAME', `the package ${name} is one that the new one needs; give another name`);
}
