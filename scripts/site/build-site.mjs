// Builds the site of the documentation into packages/cli/site, where `sluice docs --serve` finds it:
// npm run docs:site [-- --no-api] [--into <folder>]. A link that leads nowhere is an error. The pages of the API take longer than all others.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { writeApiPages } from './api-pages.mjs';
import { writeErrorPages } from './error-pages/write-error-pages.mjs';
import { writeNodeExamples } from './node-examples/write-node-examples.mjs';
import { writeNodePages } from './node-pages.mjs';
import { stagePages } from './stage-pages.mjs';

const root = join(import.meta.dirname, '../..');
const docs = join(root, 'docs');
const { values } = parseArgs({ options: { 'no-api': { type: 'boolean' }, into: { type: 'string' } } });
/** The folder of pages and site lies in this repository, where what pages import is found. */
const pages = values.into === undefined ? join(root, 'out/site-pages') : join(root, values.into, 'pages');
const site = values.into === undefined ? join(root, 'packages/cli/site') : join(root, values.into, 'site');

rmSync(pages, { recursive: true, force: true });
stagePages(root, pages);
writeErrorPages(root, pages);
await writeNodePages(root, join(pages, 'nodes'), await writeNodeExamples(join(pages, 'nodes/examples')));
if (!values['no-api']) writeApiPages(root, join(pages, 'api'));
const { status } = spawnSync(join(root, 'node_modules/.bin/vitepress'), ['build', 'docs'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SLUICE_SITE_PAGES: relative(docs, pages), SLUICE_SITE: relative(docs, site) },
});
process.exitCode = status ?? 1;
