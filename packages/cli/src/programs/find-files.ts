import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Files below a folder whose names end so, sorted; what npm installed, what was built and what is hidden is left out. */
export async function findFiles(folder: string, ending: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || ['node_modules', 'dist'].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await findFiles(path, ending)));
    else if (ending.test(entry.name)) found.push(path);
  }
  return found.sort();
}
