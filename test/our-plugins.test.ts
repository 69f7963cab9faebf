import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPlugins } from '@sluice/core/plugins';
import { expect, it } from 'vitest';

const packages = join(import.meta.dirname, '../packages');
const folders = readdirSync(packages).filter((folder) => folder.startsWith('plugin-'));

it('our own plugins are found by their manifests, without a fault', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-ours-'));
  try {
    mkdirSync(join(root, 'node_modules/@sluice'), { recursive: true });
    for (const folder of folders) symlinkSync(join(packages, folder), join(root, 'node_modules/@sluice', folder));
    const found = await listPlugins(root);
    expect(found.map(({ name, fault }) => ({ name, fault }))).toEqual(
      folders.map((folder) => ({ name: `@sluice/${folder}`, fault: undefined })).sort(byName),
    );
    for (const { folder, nodes, models } of found) {
      const index = readFileSync(join(folder, 'src/index.ts'), 'utf8');
      for (const { export: exported } of [...nodes, ...models]) expect(index).toMatch(new RegExp(`\\b${exported}\\b`));
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
