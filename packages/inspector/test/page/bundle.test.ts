import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = join(import.meta.dirname, '../../dist/page');
const files = ['index.html', ...readdirSync(join(dist, 'assets')).map((name) => `assets/${name}`)];
const read = (name: string) => readFileSync(join(dist, name), 'utf8');

it('is less than 66 KB, packed', () => {
  const bytes = files.reduce((sum, name) => sum + gzipSync(read(name)).length, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(66_000);
});

it('has nothing inline, and nothing from elsewhere', () => {
  const index = read('index.html');
  expect(index).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\bstyle=|\bon\w+=/);
  for (const [, address] of index.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).toMatch(/^\.\/assets\/[\w.-]+$/);
  for (const name of files) expect(read(name), name).not.toMatch(/(?:@import|url\(|import\()\s*["']?(?:https?:)?\/\//);
});
