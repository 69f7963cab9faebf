import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../src/commands/commands.ts';
import { columns, fold } from '../src/terms/fold.ts';
import { typed } from './typed.ts';

const repository = join(import.meta.dirname, '../../..');
const before = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-columns-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** What it says where nobody knows how wide the terminal is, or where it has so many columns. */
const lines = async (args: readonly string[], width?: number) => {
  const { out, err } = await typed(args, {}, false, undefined, width ?? 0);
  return `${out}${err}`.split('\n');
};
const tooLong = (all: readonly string[], width = 80) => all.filter((line) => line.length > width);

const asked: readonly (readonly string[])[] = [
  ['--help'],
  ...Object.keys(commands).flatMap((name) => [
    [name, '--help'],
    [name, '--no-such-flag'],
    [name, ...'abcdefgh'],
  ]),
  ['explian', 'a-word-that-is-longer-than-a-terminal-is-wide-and-has-no-blank'.slice(0, 60)],
  ['docs'],
  ['list', '--in', repository],
  ['list', 'drivers', '--in', repository],
  ['search', 'interruption', 'heard'],
  ['search', 'qqxyzzy'],
  ['explain', 'link-format'],
  ['explain', 'SLUICE_NODE_FAILED'],
  ['doctor', '--no-call'],
  ['new', 'tlkback', 'here'],
  ['new', 'talkback', 'A Name With Blanks'],
  ['new', 'node', 'Not A Name'],
  ['run', 'missing.ts'],
  ['run', '.'],
  ['run', 'x', '--for', '597h'],
  ['render', 'x.ts', '--out', 'o.wav', '--seed', 'abc'],
  ['probe', 'rtmp://host/stream'],
  ['room', '--host', '0.0.0.0'],
  ['token'],
  ['conform', 'no-such-package'],
];

describe('lines of the command line', () => {
  it.each(asked.map((args) => ({ line: args.join(' '), args })))(
    'fit into 80 columns: sluice $line',
    async ({ args }) => {
      expect(tooLong(await lines(args))).toEqual([]);
    },
  );

  it('are as wide as the terminal is', async () => {
    expect(tooLong(await lines(['room', '--help'], 60), 60)).toEqual([]);
    expect((await lines(['room', '--help'], 200)).length).toBeLessThan((await lines(['room', '--help'])).length);
  });

  it('have the way out of an error on a line of its own where one is too short', async () => {
    const { err } = await typed(['room', '--host', '0.0.0.0'], {}, false, undefined, 0);
    expect(err).toBe(
      'SLUICE_CLI_USAGE: 0.0.0.0 is reached by others: add --https, --tls-cert and\n' +
        '--tls-key, or --insecure.\n  See sluice room --help\n',
    );
  });
});

describe('folding', () => {
  it('breaks at blanks, keeps the indentation and leaves long words whole', () => {
    expect(fold('one two three four five six seven', 24)).toBe('one two three four five\nsix seven');
    expect(fold('  one two three four five six seven', 26, 2)).toBe('  one two three four five\n  six seven');
    expect(fold(`see ${'x'.repeat(40)} there`, 24)).toBe(`see\n${'x'.repeat(40)}\nthere`);
    expect(fold('\u001b[1mone two three four\u001b[0m five six', 24)).toBe(
      '\u001b[1mone two three four\u001b[0m five\nsix',
    );
    expect(fold('short\n\nlines', 24)).toBe('short\n\nlines');
  });

  it('puts the second column below a first that is too long', () => {
    const table = [
      ['a', 'what is there to say of a, and more than fits'],
      ['a-name-that-is-too-long', 'its text'],
    ] as const;
    expect(columns(table, 44)).toBe(
      `  a                   what is there to say of
                      a, and more than fits
  a-name-that-is-too-long
                      its text
`,
    );
  });
});
