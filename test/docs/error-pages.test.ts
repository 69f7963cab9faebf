import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorMessages } from '../../scripts/site/error-pages/error-messages.mjs';
import { saidElsewhere } from '../../scripts/site/error-pages/said-elsewhere.mjs';
import { writeErrorPages } from '../../scripts/site/error-pages/write-error-pages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = mkdtempSync(join(tmpdir(), 'sluice-errors-'));
afterAll(() => rmSync(pages, { recursive: true }));

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const codes = [...read(root, 'docs/errors.md').matchAll(/<\/a>\s*`(SLUICE_\w+)`/g)].map(([, code]) => code!);
/** All text of our sources and of what an application sees of them. */
const sources = readdirSync(join(root, 'packages'))
  .flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, 'packages', name, 'src', file),
    ),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => read(file))
  .join('\n');

let found: ReadonlyMap<string, ReadonlySet<string>>;
beforeAll(() => {
  copyFileSync(join(root, 'docs/errors.md'), join(pages, 'errors.md'));
  writeErrorPages(root, pages);
  found = errorMessages(root);
});

const sections = (page: string) =>
  Object.fromEntries(
    page
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
  );

describe('pages of errors', () => {
  it.each(codes)('%s: what happened, what to do, what it says, and where more is', (code) => {
    const page = read(pages, `errors/${code.toLowerCase()}.md`);
    const {
      'What happened': happened = '',
      'What to do': advice = '',
      'What it says': said = '',
      More: more = '',
    } = sections(page);
    expect(happened.length).toBeGreaterThan(25);
    expect(advice.length).toBeGreaterThan(20);
    // It is no advice to read what has been read.
    expect(advice).not.toMatch(
      /^(?:The message (?:says|names|lists|holds)[^:.;]*\.?|Read the message\.|See `cause`\.)$/,
    );
    expect(said).toMatch(/```text\n.{12,}/);
    expect(said).not.toContain('undefined');
    const [, guide] = /\]\(\.\.\/([\w-]+)\.md\)/.exec(more) ?? [];
    expect(read(root, `docs/${guide}.md`)).toMatch(/^# /);
    expect(read(pages, 'errors.md')).toContain(`</a>[\`${code}\`](./errors/${code.toLowerCase()}.md)`);
    // Names that an advice gives are names that there are.
    for (const [, name] of advice.matchAll(/`(?:[a-z]\w*\.)*([a-z]+[A-Z]\w*)(?:\(.*?\))?`/g))
      expect(sources, name).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('say by hand only what the sources do not tell, in words that stand there', () => {
    expect(Object.keys(saidElsewhere).filter((code) => found.has(code))).toEqual([]);
    const unknown = Object.values(saidElsewhere)
      .filter((message) => message.includes('‹') || !/^\w+ (?:is|has) /.test(message))
      .flatMap((message) => message.split(/‹[^›]*›|; (?:expected|received)|\. (?=\w)|"[^"]*"/))
      .map((part) => part.trim())
      .filter((part) => part.split(' ').length > 3 && !sources.includes(part));
    expect(unknown).toEqual([]);
  });
});
