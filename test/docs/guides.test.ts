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

it('has the moving picture of the README as it is drawn now: node scripts/site/draw-moving-graph.mjs', () => {
  const script = join(import.meta.dirname, '../../scripts/site/draw-moving-graph.mjs');
  expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});
