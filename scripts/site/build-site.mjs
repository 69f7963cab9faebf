// Builds the site of the documentation into packages/cli/site, where `sluice docs --serve` finds it:
// npm run docs:site [-- --no-api]. A link that leads nowhere is an error. The pages of the API take longer than all others.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeApiPages } from './api-pages.mjs';
import { writeNodeExamples } from './node-examples/write-node-examples.mjs';
import { writeNodePages } from './node-pages.mjs';
import { stagePages } from './stage-pages.mjs';

const root = join(import.meta.dirname, '../..');
const pages = join(root, 'out/site-pages');

rmSync(pages, { recursive: true, force: true });
stagePages(root, pages);
await writeNodePages(root, join(pages, 'nodes'), await writeNodeExamples(join(pages, 'nodes/examples')));
if (!process.argv.includes('--no-api')) writeApiPages(root, join(pages, 'api'));
const { status } = spawnSync(join(root, 'node_modules/.bin/vitepress'), ['build', 'docs'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
