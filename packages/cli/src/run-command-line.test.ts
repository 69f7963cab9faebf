import { describe, expect, it } from 'vitest';
import { typed } from '../test/typed.ts';

const object = (out: string) => JSON.parse(out) as { result: never; [key: string]: unknown };

describe('sluice', () => {
  it('tells its commands, and the flags of one with their twins and three examples', async () => {
    for (const args of [[], ['--help'], ['help'], ['-h']]) {
      const { code, out } = await typed(args);
      expect(code).toBe(0);
      expect(out).toMatch(/usage: sluice <command>.*explain +Says what/s);
    }
    for (const args of [
      ['explain', '--help'],
      ['help', 'explain'],
    ]) {
      const { code, out } = await typed(args);
      expect(code).toBe(0);
      expect(out).toMatch(
        /^Says what .*usage: sluice explain <CODE>.*( {2}sluice explain .*\n){3}.*--json .*\(SLUICE_JSON\)/s,
      );
    }
    expect((await typed(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['explian', 'X'], 'there is no command explian; did you mean explain?'],
    [['rnu'], 'there is no command rnu; did you mean run? See sluice --help\n'],
    [['bnech'], 'there is no command bnech; did you mean bench? See sluice --help\n'],
    [['graph', 'x', '--sgv'], 'sluice graph has no flag --sgv; did you mean --svg? See sluice graph --help\n'],
    [['help', 'serch'], 'there is no command serch; did you mean search?'],
    [['toString'], 'there is no command toString'],
    [['docs', '--jsn'], 'sluice docs has no flag --jsn; did you mean --json?'],
    [['docs', 'a', 'b'], 'sluice docs does not take b'],
    [['explain'], 'sluice explain needs <CODE>'],
    [['list', '--in', 'a', '--in', 'b'], 'sluice list takes --in once'],
    [['list', '--quiet', '--quiet'], 'sluice list takes --quiet once'],
    [['list', '--in', '-a'], "Option '--in' argument is ambiguous. Did you forget"],
    [['search', ' '], 'sluice search needs a word'],
    [['explain', ''], 'sluice explain takes <CODE>, and a word of them is empty. See sluice explain --help\n'],
    [['new', 'talkback', ''], 'sluice new takes <template or part> <folder or name>, and a word of them is empty'],
    [[''], 'there is no command ""'],
    [['--nope'], 'sluice has no flag --nope; a command goes first. See sluice --help\n'],
    [['run', '-x'], 'sluice run has no flag -x. See sluice run --help\n'],
    [['render', 'x', '--out', ''], '--out takes the path of a file. See sluice render --help\n'],
    [['top', 'bot'], 'a process has a number, and bot is none. See sluice inspect\n'],
    [['inspect', 'bot'], 'a process has a number, and bot is none'],
    [['run', 'x', '--for', '597h'], '--for takes 596h at most, not 597h'],
    [['run', 'x', '--for', '-1s'], "Option '--for' argument is ambiguous"],
    [['run', 'x', '--for=-1s'], '--for takes a time like 30s, 500ms, 2m or 1h, not -1s'],
    [['run', 'x', '--for', 'NaN'], '--for takes a time'],
    [['room', '--port', '1.5'], '--port takes a number from 0 to 65535, not 1.5'],
    [['room', '--port', '65536'], '--port takes a number from 0 to 65535, not 65536'],
    [['room', '--room', 'a b'], '--room takes 1 to 128 of A-Z a-z 0-9 _ -, not a b'],
    [['docs', '--serve', '--port', ''], '--port takes a number from 0 to 65535, not '],
    [['probe', 'x', '--png', ''], '--png takes the path of a file'],
    [['list', '--in', '/no/where'], '--in takes a folder that is there, not /no/where. See sluice list --help'],
    [['list', '--in'], "Option '--in <value>' argument missing"],
    [['list', 'node'], 'sluice list takes nodes, plugins or drivers; did you mean nodes?'],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await typed(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`SLUICE_CLI_USAGE: ${message}`);
  });

  it('refuses in JSON who reads JSON', async () => {
    const { code, out, err } = await typed(['docs', '--jsn', '--json']);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(object(out)).toEqual({
      ok: false,
      command: 'docs',
      result: null,
      problems: [
        { code: 'SLUICE_CLI_USAGE', message: expect.stringContaining('--jsn'), fix: 'See sluice docs --help' },
      ],
      next: null,
    });
  });

  it('takes flags from the environment', async () => {
    const { out } = await typed(['explain', 'link-format'], { SLUICE_JSON: '1' });
    expect(object(out)).toMatchObject({ ok: true, command: 'explain' });
    expect((await typed(['explain', 'link-format'], { SLUICE_JSON: '0' })).out).toMatch(
      /^SLUICE_LINK_FORMAT \(Core\)\n/,
    );
  });

  it('says what comes next, and colours, on a terminal only', async () => {
    const [plain, shown] = [await typed(['explain', 'link-format']), await typed(['explain', 'link-format'], {}, true)];
    expect(plain).toMatchObject({ err: '', out: expect.not.stringContaining('\u001b') });
    expect(shown).toMatchObject({ err: 'next: sluice docs errors\n', out: expect.stringContaining('\u001b[1m') });
    for (const quiet of [
      await typed(['explain', 'link-format', '--quiet', '--no-color'], {}, true),
      await typed(['explain', 'link-format'], { SLUICE_QUIET: '1', NO_COLOR: '1' }, true),
      // Whatever it holds, says no-color.org.
      await typed(['explain', 'link-format'], { SLUICE_QUIET: '1', NO_COLOR: '0' }, true),
    ])
      expect(quiet).toEqual(plain);
  });
});
