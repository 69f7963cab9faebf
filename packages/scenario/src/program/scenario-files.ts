import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The files that are named, and in place of a folder the `*.scenario.ts` (`.js`, `.mjs`) in it, by name. What is not there stays as it is. */
export async function scenarioFiles(named: readonly string[]): Promise<readonly string[]> {
  const files = named.map(async (path) => {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) return [path];
    const inside = await readdir(path);
    return inside
      .filter((name) => /\.scenario\.[cm]?[jt]s$/.test(name))
      .sort()
      .map((name) => join(path, name));
  });
  return (await Promise.all(files)).flat();
}
