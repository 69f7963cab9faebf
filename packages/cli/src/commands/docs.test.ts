import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';

describe('sluice docs', () => {
  it('lists the pages', async () => {
    const { code, out } = await typed(['docs']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}errors +Every fault has a permanent code\.$/m);
    const { result } = await typedJson(['docs']);
    expect(result).toContainEqual({ topic: 'errors', title: 'Errors', about: 'Every fault has a permanent code.' });
    const about = Object.fromEntries(result.map((page: { topic: string; about: string }) => [page.topic, page.about]));
    // A colon ends no sentence, code begins one, and links are for pages.
    expect(about.fuzz).toMatch(
      /^What reads bytes of strangers is given changed ones: headers of files and live streams, .*\.$/,
    );
    expect(about.cli).toMatch(/^`sluice` of `@sluice\/cli` runs graphs/);
    expect(out).not.toMatch(/:$|\]\(/m);
  });

  it('prints a page as it is in the repository', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../../docs/concepts.md'), 'utf8');
    expect(await typed(['docs', 'docs/concepts.md'])).toEqual({ code: 0, out: page, err: '' });
    expect((await typedJson(['docs', 'concepts'])).result).toMatchObject({ topic: 'concepts', text: page });
  });

  it('has what coding agents begin with', async () => {
    const packed = (name: string) => readFile(join(import.meta.dirname, '../..', name), 'utf8');
    expect((await typed(['docs', 'agents'])).out).toBe(await packed('AGENTS.md'));
    expect((await typed(['docs', 'llms'])).out).toBe(await packed('llms.txt'));
  });

  it('refuses a port that is none, or without anything to be served on it', async () => {
    for (const [flags, message] of [
      [['--serve', '--port', 'x'], '--port takes a number from 0 to 65535, not x'],
      [['--port', '8720'], '--port goes with --serve'],
    ] as const)
      expect(await typedJson(['docs', ...flags])).toMatchObject({
        code: 2,
        problems: [{ code: 'SLUICE_CLI_USAGE', message: expect.stringContaining(message) }],
      });
  });

  it('refuses a page that does not exist', async () => {
    for (const [topic, hint] of [
      ['concept', '; did you mean concepts?'],
      ['../../package', ''],
    ])
      expect(await typedJson(['docs', topic!])).toMatchObject({
        code: 2,
        problems: [{ code: 'SLUICE_CLI_USAGE', message: expect.stringContaining(`there is no page ${topic}${hint}`) }],
      });
  });
});

describe('sluice search', () => {
  it('finds the sections that have all words', async () => {
    const { code, result, next } = await typedJson(['search', 'SLUICE_LINK_FORMAT']);
    expect(code).toBe(0);
    expect(result[0]).toMatchObject({
      topic: 'errors',
      heading: 'Core',
      line: expect.stringContaining('unlike formats'),
    });
    expect(next).toBe('sluice docs errors');
    const { out } = await typed(['search', 'back-pressure', 'link']);
    expect(out).toMatch(/^\w+(-\w+)*: .* \(line \d+\)\n {2}\S/);
  });

  it.each([
    ['record a room', 'recording'],
    ['recorder', 'recording'],
    ['agent that can be interrupted', 'interruption'],
    ['move from pipecat', 'from-pipecat'],
    ['deploy behind nginx', 'deploying'],
  ])('sends who asks "%s" to %s', async (question, topic) => {
    const { result } = await typedJson(['search', ...question.split(' ')]);
    expect(result[0]).toMatchObject({ topic });
  });

  it('fails where nothing has them', async () => {
    expect(await typedJson(['search', 'qqxyzzy'])).toMatchObject({ code: 1, ok: false, result: [] });
    expect(await typed(['search', 'qqxyzzy'])).toEqual({ code: 1, out: '', err: 'no section has qqxyzzy\n' });
  });
});
