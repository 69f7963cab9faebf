import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('has in packages what their pages and manifests say now: node scripts/write-guides.mjs', () => {
  const script = join(import.meta.dirname, '../../scripts/write-guides.mjs');
  expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});
