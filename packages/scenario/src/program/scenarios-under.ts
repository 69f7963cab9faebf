import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What is built, or somebody else's. */
const LEFT_OUT = new Set(['node_modules', 'dist']);
const SCENARIOS = /\.scenario\.[cm]?[jt]s$/;

/**
 * Every `*.scenario.ts` (`.mts`, `.js`, `.mjs`) of a folder and of all folders in it, by name. Hidden folders, `node_modules`
 * and `dist` in it are left out, and what was built beside its source.
 */
export async function scenariosUnder(folder: string): Promise<readonly string[]> {
  const inside = await readdir(folder, { withFileTypes: true });
  inside.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Set(inside.map(({ name }) => name));
  const isBuilt = (name: string) => name.endsWith('js') && names.has(name.replace(/js$/, 'ts'));
  const found: string[] = [];
  for (const entry of inside) {
    const path = join(folder, entry.name);
    if (entry.isFile() && SCENARIOS.test(entry.name) && !isBuilt(entry.name)) found.push(path);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name) && !entry.name.startsWith('.'))
      found.push(...(await scenariosUnder(path)));
  }
  return found;
}
