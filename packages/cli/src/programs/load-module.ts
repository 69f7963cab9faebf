// Modules that a command is given: found, read also where they are TypeScript, and the graph that they give. Nothing is
// run here.

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire, register } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { badProgram, noFile, notInstalled } from '../errors.ts';
import { syntaxFault } from './syntax-fault.ts';

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

const isTypeScript = (path: string) => /\.[mc]?ts$/.test(path);
/** Installs what reads TypeScript. */
const INSTALL = 'npm install --save-dev ts-node typescript';
let registered = false;

/**
 * Imports a file.
 *
 * @throws SLUICE_CLI_FILE, SLUICE_CLI_ENVIRONMENT where TypeScript cannot be read here, SLUICE_CLI_PROGRAM if it throws
 */
export async function loadFile(path: string): Promise<Exports> {
  const file = resolve(path);
  const found = await stat(file).catch((error: unknown) => {
    throw noFile(path, error);
  });
  if (!found.isFile()) throw noFile(path, found.isDirectory() ? 'folder' : undefined);
  if (isTypeScript(file)) readTypeScript(file);
  return load(path, pathToFileURL(file).href);
}

/** Imports a file, or a package as a file in this folder would. */
export async function loadModule(name: string): Promise<Exports> {
  if (/^\.{0,2}\/|\.[mc]?[jt]s$/.test(name) || existsSync(name)) return loadFile(name);
  let found: string;
  try {
    found = createRequire(join(process.cwd(), 'package.json')).resolve(name);
  } catch (error) {
    throw notInstalled(`there is no package ${name} here`, `npm install ${name}`, error);
  }
  return load(name, pathToFileURL(found).href);
}

async function load(name: string, url: string): Promise<Exports> {
  try {
    return await import(url);
  } catch (error) {
    const file = url.startsWith('file:') ? fileURLToPath(url) : name;
    const hasWords = error instanceof Error || !isTypeScript(file);
    throw badProgram(`${name} cannot be loaded`, 'a module that can be imported', hasWords ? error : await read(file));
  }
}

/** What is wrong with TypeScript that could not be read. */
async function read(file: string): Promise<Error> {
  const elsewhere = 'a file that it imports is no TypeScript that can be read; npx tsc --noEmit says where';
  return new Error((await syntaxFault(file)) ?? elsewhere);
}

/** Lets this process import TypeScript: by Node where it strips types, else by ts-node near the file. */
export function readTypeScript(near: string): void {
  if (registered || isReadByNode()) return;
  const loader = loaderFor(near);
  if (loader === undefined)
    throw notInstalled(
      `${near} is TypeScript, and Node ${process.versions.node} does not read that by itself`,
      INSTALL,
    );
  process.env.TS_NODE_TRANSPILE_ONLY ??= 'true';
  if (process.env.TS_NODE_PROJECT === undefined) {
    // The project's own options are for its build: they may ask for what a program that is just run does not have.
    process.env.TS_NODE_SKIP_PROJECT ??= 'true';
    process.env.TS_NODE_COMPILER_OPTIONS ??= JSON.stringify({
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2022',
      esModuleInterop: true,
    });
  }
  registered = true;
  register(loader);
}

/** The command without which a file cannot be imported; undefined where it can. */
export function missingFor(file: string): string | undefined {
  return !isTypeScript(file) || isReadByNode() || loaderFor(resolve(file)) !== undefined ? undefined : INSTALL;
}

function isReadByNode(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript);
}

function loaderFor(near: string): string | undefined {
  return [near, import.meta.filename].map((from) => tsNodeFrom(from)).find((one) => one !== undefined);
}

function tsNodeFrom(file: string): string | undefined {
  try {
    return pathToFileURL(createRequire(file).resolve('ts-node/esm')).href;
  } catch {
    return undefined;
  }
}
