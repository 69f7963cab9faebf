import { stat, writeFile } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { type Graph, SluiceError } from '@sluice/core';

/** Files beside one that is there: more would be a fault of who asks so often. */
const MOST_BESIDE = 1_000;

/**
 * Writes what `inspect()` says of graphs into a file that only this user can read, never over another: one that is there
 * leaves its name with `-2`, `-3` behind it to the next.
 *
 * @param to a file, or a folder in which it is called after process and time
 * @returns the path of the file
 * @throws SLUICE_INSPECTOR_SNAPSHOT where it cannot be written
 */
export async function writeSnapshot(graphs: Iterable<Graph>, to: string): Promise<string> {
  const at = new Date().toISOString();
  const told = [...graphs].map((graph) => graph.inspect());
  const text = `${JSON.stringify({ at, pid: process.pid, program: process.argv[1] ?? 'node', graphs: told }, null, 2)}\n`;
  const path = resolve(to);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const name = `sluice-${process.pid}-${at.slice(0, 19).replaceAll(/[:T]/g, '-')}.json`;
  return writeBeside(isFolder ? join(path, name) : path, text);
}

async function writeBeside(path: string, text: string): Promise<string> {
  const { dir, name, ext } = parse(path);
  for (let count = 1; ; count++) {
    const free = count === 1 ? path : join(dir, `${name}-${count}${ext}`);
    try {
      await writeFile(free, text, { flag: 'wx', mode: 0o600 });
      return free;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST' && count < MOST_BESIDE) continue;
      throw new SluiceError('SLUICE_INSPECTOR_SNAPSHOT', `no snapshot can be written to ${free}`, {
        expected: 'a folder that this process may write in',
        received: message,
        fix: 'Give snapshot another path, or start the process in another folder',
        cause,
      });
    }
  }
}
