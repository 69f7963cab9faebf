// Ships the pages of docs/ in a package, so that it can tell them without a network: node copy-docs.mjs <folder>.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const docs = join(import.meta.dirname, '../docs');
const into = resolve(process.argv[2]);
rmSync(into, { recursive: true, force: true });
mkdirSync(into, { recursive: true });
// A terminal shows no pictures: they stay where they are, for those who have a network.
const PICTURES = 'https://github.com/sluice/sluice/blob/main/docs/pictures/';
for (const page of readdirSync(docs).filter((name) => name.endsWith('.md')))
  writeFileSync(join(into, page), readFileSync(join(docs, page), 'utf8').replaceAll('](pictures/', `](${PICTURES}`));
// The index of them all, as `sluice docs llms`.
copyFileSync(join(import.meta.dirname, '../packages/cli/llms.txt'), join(into, 'llms.md'));
