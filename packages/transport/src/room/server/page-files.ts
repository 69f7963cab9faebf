import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A built file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

export interface PageFiles {
  readonly index: PageFile;
  /** By name. What is not in here is not served, whatever the path says. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** Reads the built files of `@sluice/page`; undefined where it is not installed or not built. */
export async function readPageFiles(): Promise<PageFiles | undefined> {
  try {
    const index = createRequire(import.meta.url).resolve('@sluice/page/index.html');
    const folder = join(dirname(index), 'assets');
    const names = (await readdir(folder)).filter((name) => extname(name) in types);
    const assets = names.map(async (name) => [name, await readPageFile(join(folder, name))] as const);
    return { index: await readPageFile(index), assets: new Map(await Promise.all(assets)) };
  } catch {
    return undefined;
  }
}

async function readPageFile(path: string): Promise<PageFile> {
  const bytes = new Uint8Array(await readFile(path));
  const gzipped = new Uint8Array(await promisify(gzip)(bytes));
  return { type: types[extname(path)]!, bytes, gzipped };
}
