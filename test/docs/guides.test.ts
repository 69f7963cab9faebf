import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const pagesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.md'));
const picturesOf = (text: string) => [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path!);

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

it('shows each picture that is kept, and keeps none that is large', () => {
  const shown = pagesIn(docs).flatMap((page) => picturesOf(readFileSync(join(docs, page), 'utf8')));
  const kept = readdirSync(join(docs, 'pictures')).map((name) => `pictures/${name}`);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.filter((path) => !shown.includes(path))).toEqual([]);
  expect(kept.filter((path) => statSync(join(docs, path)).size > 80_000)).toEqual([]);
});

it('ships pages whose pictures are where somebody without the repository finds them', () => {
  const into = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
  try {
    spawnSync(process.execPath, [join(docs, '../scripts/copy-docs.mjs'), into]);
    expect(pagesIn(into).toSorted()).toEqual([...pagesIn(docs), 'llms.md'].toSorted());
    const shown = pagesIn(into).flatMap((page) => picturesOf(readFileSync(join(into, page), 'utf8')));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((path) => !path.startsWith('https://github.com/sluice/sluice/'))).toEqual([]);
  } finally {
    rmSync(into, { recursive: true });
  }
});
