import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What is built, or somebody else's. */
const LEFT_OUT = new Set(['node_modules', 'dist']);

/** Every `*.scenario.ts` of a folder and of all folders in it, by name. Hidden folders, `node_modules` and `dist` are left out. */
export async function scenariosUnder(folder: string): Promise<readonly string[]> {
  const inside = await readdir(folder, { withFileTypes: true });
  inside.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of inside) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.scenario.ts')) found.push(path);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name) && !entry.name.startsWith('.'))
      found.push(...(await scenariosUnder(path)));
  }
  return found;
}
