import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code in a page, as a reader copies it. */
export interface CodeBlock {
  /** Path of the page from the root, and the line of the block's first line of code. */
  readonly page: string;
  readonly line: number;
  readonly language: 'ts' | 'js';
  readonly code: string;
}

const FENCE = /^```(ts|js)\n([\s\S]*?)^```$/gm;

/** All blocks of TypeScript and JavaScript in pages that are kept here, templates of projects left out. */
export function codeBlocks(root: string): readonly CodeBlock[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  const pages = list
    .split('\n')
    .filter((page) => page !== '' && !page.startsWith('.') && !page.includes('/templates/'));
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(FENCE)].map(({ index, 1: language, 2: code }) => ({
      page,
      line: text.slice(0, index).split('\n').length + 1,
      language: language as 'ts' | 'js',
      code: code!,
    }));
  });
}
