// How the pages of the site are ordered. A page that is named nowhere stands in the last section.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SECTIONS = {
  Start: ['start', 'examples', 'concepts', 'glossary', 'troubleshooting'],
  'Calls and rooms': [
    'calls',
    'video',
    'files',
    'rooms',
    'page',
    'recording',
    'networks',
    'janus',
    'daily-python',
    'daily-compatibility',
  ],
  'Voice agents': ['voice', 'interruption', 'scenarios', 'sessions', 'from-pipecat'],
  Building: ['writing-nodes', 'testing', 'inspector', 'cli', 'agents', 'bundling', 'deploying', 'metrics'],
  'Many machines': ['scale', 'remote-links'],
  Reference: ['nodes', 'errors', 'signalling', 'support'],
  Operations: ['benchmarks', 'glitches', 'faults', 'soak', 'fuzz', 'pains'],
  Insides: ['architecture', 'decisions', 'contributing'],
};

/** The sidebars of the pages in a folder, as VitePress takes them: nodes, errors and the API have one of their own. */
export function sidebarsOf(folder) {
  const item = (path) => ({ text: titleOf(join(folder, `${path}.md`)), link: `/${path}` });
  const there = new Set(pagesIn(folder, {}));
  const named = new Set(Object.values(SECTIONS).flat());
  const others = [...there].filter((page) => page !== 'index' && !named.has(page));
  const sections = Object.entries({ ...SECTIONS, More: others })
    .map(([text, pages]) => ({ text, collapsed: false, items: pages.filter((page) => there.has(page)).map(item) }))
    .filter(({ items }) => items.length > 0);
  const sidebars = { '/': sections };
  for (const [text, below] of [
    ['Each node', 'nodes'],
    ['Each error', 'errors'],
    ['API', 'api'],
  ])
    if (existsSync(join(folder, below))) {
      const pages = pagesIn(join(folder, below), { recursive: true });
      sidebars[`/${below}/`] = [{ text, items: pages.map((page) => item(`${below}/${page}`)) }];
    }
  return sidebars;
}

function pagesIn(folder, options) {
  const files = readdirSync(folder, options).filter((name) => name.endsWith('.md'));
  return files.map((name) => name.slice(0, -'.md'.length)).sort();
}

function titleOf(path) {
  return /^# (.*)$/m.exec(readFileSync(path, 'utf8'))?.[1].replaceAll('`', '') ?? path;
}
