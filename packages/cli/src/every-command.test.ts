import { describe, expect, it } from 'vitest';
import { typed, typedJson } from '../test/typed.ts';
import { commands } from './commands/commands.ts';
import { commonFlags, readArguments } from './terms/read-arguments.ts';

const all = await Promise.all(Object.entries(commands).map(async ([name, load]) => [name, await load()] as const));
const ESCAPE = '\u001b';

/** The words of a line of a shell, without its redirections; each command of `a && b` apart. */
const linesOf = (example: string) =>
  example.split(' && ').map((line) =>
    line
      .replace(/ > .*$/, '')
      .match(/'[^']*'|\S+/g)!
      .map((word) => word.replaceAll("'", '')),
  );

describe.each(all)('sluice %s', (name, command) => {
  it('has the name that it is called by, a summary of one line, and flags of one line each', () => {
    expect(command.name).toBe(name);
    for (const text of [command.summary, ...Object.values(command.flags).map(({ about }) => about)])
      expect(text).toMatch(/^[^\n]+[^.\n]$/);
    expect(Object.keys(command.flags).filter((flag) => flag in commonFlags)).toEqual([]);
  });

  it('has examples that it takes', async () => {
    for (const [program, asked, ...args] of command.examples.flatMap(linesOf)) {
      expect(program).toBe('sluice');
      const read = readArguments(await commands[asked!]!(), args, {});
      expect(read.values.help).toBeUndefined();
    }
    expect(new Set(command.examples).size).toBe(3);
  });

  it('tells its help everywhere, as JSON too', async () => {
    const { out } = await typed([name, '--help']);
    for (const env of [{ TERM: 'dumb' }, { NO_COLOR: '1' }])
      expect(await typed([name, '--help'], env, true)).toEqual({ code: 0, out, err: '' });
    for (const args of [
      [name, '--help'],
      ['help', name],
    ])
      expect(await typedJson(args)).toMatchObject({ code: 0, err: '', ok: true, command: name, result: out });
  });

  it('refuses a flag that it does not have, a word too many and one too few, to people and in JSON', async () => {
    const { least, most } = command.words;
    const wrong = [[name, '--hlep'], ...(least > 0 ? [[name]] : [])];
    if (Number.isFinite(most)) wrong.push([name, ...Array.from({ length: most + 1 }, (_, at) => `word${at}`)]);
    for (const args of wrong) {
      const { code, out, err } = await typed(args, { TERM: 'dumb' }, true);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`See sluice ${name} --help`);
      expect(err).not.toContain(ESCAPE);
      expect(await typedJson(args)).toEqual({
        code: 2,
        err: '',
        ok: false,
        command: name,
        result: null,
        problems: [
          {
            code: 'SLUICE_CLI_USAGE',
            message: expect.stringContaining(`sluice ${name}`),
            fix: `See sluice ${name} --help`,
          },
        ],
        next: null,
      });
    }
    expect((await typed([name, '--hlep'])).err).toContain('did you mean --help?');
  });

  it('is found where its name is mistyped', async () => {
    expect((await typed([`${name}e`])).err).toContain(`did you mean ${name}?`);
  });
});

describe('any command', () => {
  it('gives JSON for the overview and the version', async () => {
    for (const args of [[], ['--help'], ['help'], ['--version']]) {
      const { out } = await typed(args);
      expect(await typedJson(args)).toMatchObject({ code: 0, ok: true, command: '', result: out, problems: [] });
    }
  });

  it('does not take flags behind -- for its own', async () => {
    const { out, err } = await typed(['inspect', '--trcae', 'x', '--', 'node', 'bot.js', '--json']);
    expect(out).toBe('');
    expect(err).toContain('did you mean --trace?');
  });

  it('writes no escape sequence to a dumb terminal, and says there what comes next', async () => {
    const { out, err } = await typed(['explain', 'link-format'], { TERM: 'dumb' }, true);
    expect(out).toBe((await typed(['explain', 'link-format'])).out);
    expect(err).toBe('next: sluice docs errors\n');
  });
});
