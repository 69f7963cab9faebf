import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeBlock } from './code-blocks.ts';

const COMMENT = /\/\*\*[\s\S]*?\*\//g;
/** The text of an example's lines: up to the next tag, or to the end of the comment. */
const EXAMPLE = /^[ \t]*\* @example[ \t]*\n((?:(?![ \t]*\* ?@)[ \t]*\*(?!\/).*\n)+)/gm;
const FENCED = /^```(ts|js)\n([\s\S]*?)^```$/gm;

/** All examples in the comments of our sources, with the lines that they have there. */
export function sourceExamples(root: string): readonly CodeBlock[] {
  const files = readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join('packages', name, 'src');
    const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    return paths.filter((path) => /(?<!\.test|\.d)\.tsx?$/.test(path)).map((path) => join(folder, path));
  });
  return files.toSorted().flatMap((page) => examplesOf(page, readFileSync(join(root, page), 'utf8')));
}

export function examplesOf(page: string, text: string): readonly CodeBlock[] {
  return [...text.matchAll(COMMENT)].flatMap(({ 0: comment, index: begin }) =>
    [...comment.matchAll(EXAMPLE)].flatMap(({ 0: all, 1: body, index }) => {
      const before = text.slice(0, begin + index + all.length - body!.length);
      const line = before.split('\n').length;
      const code = body!.replace(/^[ \t]*\* ?/gm, '');
      return code.includes('```') ? fenced(page, line, code) : [{ page, line, language: 'ts' as const, code }];
    }),
  );
}

function fenced(page: string, line: number, text: string): readonly CodeBlock[] {
  return [...text.matchAll(FENCED)].map(({ index, 1: language, 2: code }) => ({
    page,
    line: line + text.slice(0, index).split('\n').length,
    language: language as 'ts' | 'js',
    code: code!,
  }));
}
