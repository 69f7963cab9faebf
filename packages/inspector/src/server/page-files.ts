import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';

/** A built file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
const folder = new URL('../../dist/page/', import.meta.url);

/** Reads the built page: its index as `/`, the others by their paths, the texts of errors. What is not in here is not served. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const names = (await readdir(new URL('assets/', folder))).filter((name) => extname(name) in types);
  const files = names.map(async (name) => [`/assets/${name}`, await readPageFile(`assets/${name}`)] as const);
  const index = ['/', await readPageFile('index.html')] as const;
  return new Map([index, ['/errors.json', await readPageFile('errors.json')], ...(await Promise.all(files))]);
}

async function readPageFile(path: string): Promise<PageFile> {
  return { type: types[extname(path)]!, bytes: new Uint8Array(await readFile(new URL(path, folder))) };
}
