// The pages as the site has them: those of docs/, the README as its first, links out of the site made absolute, and figures as bars.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { withBars } from './draw-bars.mjs';

/** Where files are that are no pages, for those who have a network. */
const HOME = 'https://github.com/sluice/sluice';
/** Pages from elsewhere, by their names in the site. */
const MORE = { 'index.md': 'README.md', 'examples.md': 'examples/README.md', 'contributing.md': 'CONTRIBUTING.md' };

/** Writes all pages that people wrote into a folder. */
export function stagePages(root, into) {
  mkdirSync(into, { recursive: true });
  const sources = new Map(Object.entries(MORE));
  for (const name of readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')))
    sources.set(name, `docs/${name}`);
  const names = new Map([...sources].map(([name, source]) => [source, name]));
  for (const [name, source] of sources) {
    const text = withBars(readFileSync(join(root, source), 'utf8'), into, name.replace('.md', ''));
    writeFileSync(
      join(into, name),
      outsideOfCode(text, (part) => withLinks(part, { root, source, names, into })),
    );
  }
}

/** Changes what stands between blocks of code. */
export function outsideOfCode(text, change) {
  return text
    .split(/(^ *```[\s\S]*?^ *```$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

function withLinks(text, { root, source, names, into }) {
  return text.replace(/\]\(([^)\s:#]+)(#[^)\s]*)?\)/g, (_, path, heading = '') => {
    const target = relative(root, join(root, dirname(source), path));
    if (names.has(target)) return `](./${names.get(target)}${heading})`;
    const file = join(root, target);
    // What is not there is left as it is, for the build to tell.
    if (!existsSync(file)) return `](${path}${heading})`;
    if (/\.(?:svg|png|gif|webp)$/.test(target)) {
      mkdirSync(dirname(join(into, target)), { recursive: true });
      copyFileSync(file, join(into, target));
      return `](./${target})`;
    }
    return `](${HOME}/${statSync(file).isDirectory() ? 'tree' : 'blob'}/main/${target}${heading})`;
  });
}
