import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';
import { runCommandLine } from '../run-command-line.ts';
import { EndedBy } from '../terms/ended-by.ts';

const program = (name: string) => join(import.meta.dirname, '../../test/programs', name);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-programs-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => void vi.unstubAllEnvs());

describe('sluice graph', () => {
  it('draws without running', async () => {
    const { code, out } = await typed(['graph', program('tone.mjs')]);
    expect(code).toBe(0);
    expect(out).toBe('flowchart LR\n  n0(["fromTone"])\n  n1["gain"]\n  n2[["toNull"]]\n  n0 --> n1\n  n1 --> n2\n');
    expect(await typed(['graph', program('tone.mjs'), '--mermaid'])).toMatchObject({ code: 0, out });
    expect(await typed(['graph', program('tone.mjs'), '--mermaid', '--dot'])).toMatchObject({ code: 2 });
    expect((await typed(['graph', program('loose.mjs'), '--dot'])).out).toMatch(/^digraph "loose" \{/);
    const { result } = await typedJson(['graph', program('tone.mjs')]);
    expect(result).toMatchObject({ name: 'tone', nodes: [{ state: 'idle' }, {}, {}], links: [{}, {}], mermaid: out });
  });

  it('draws a picture that stands alone', async () => {
    const { code, out } = await typed(['graph', program('tone.mjs'), '--svg']);
    expect(code).toBe(0);
    expect(out).toMatch(/^<svg xmlns="[^"]+" width="\d.*<title>tone<\/title>.*<\/svg>\n$/s);
    for (const id of ['fromTone', 'gain', 'toNull']) expect(out).toContain(`>${id}</text>`);
    const { data, info } = await sharp(Buffer.from(out)).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect(info.width).toBeGreaterThan(info.height * 4);
    expect(data.filter((grey) => grey < 100).length).toBeGreaterThan(500);
    expect((await typedJson(['graph', program('tone.mjs'), '--svg'])).result.svg).toBe(out);
    expect(await typed(['graph', program('tone.mjs'), '--svg', '--dot'])).toMatchObject({ code: 2 });
  });
});

describe('sluice check', () => {
  it('passes a graph that is whole', async () => {
    expect(await typed(['check', program('tone.mjs')])).toEqual({
      code: 0,
      out: 'tone: 3 nodes, 2 links, no fault found\n',
      err: '',
    });
  });

  it('tells with the words of the start what that would refuse, and opens nothing', async () => {
    const file = program('sound-as-pictures.mjs');
    const pictures = join(folder, 'pictures.y4m');
    vi.stubEnv('PICTURES', pictures);
    const checked = await typedJson(['check', file]);
    expect(checked).toMatchObject({ code: 1, ok: false, next: `sluice graph ${file}` });
    expect(checked.problems).toEqual([
      {
        code: 'SLUICE_LINK_FORMAT',
        message:
          'gain.out cannot be linked to toY4mFile.in; expected video I420; ' +
          'received "audio s16 48000 Hz mono". Link a port of kind video instead',
      },
    ]);
    expect(existsSync(pictures)).toBe(false);
    // The same graph, which was not started.
    expect(await typedJson(['run', file])).toMatchObject({ code: 4, problems: checked.problems });
  });

  it('names what hangs loose', async () => {
    expect(await typedJson(['check', program('loose.mjs')])).toMatchObject({
      code: 1,
      ok: false,
      problems: [{ message: 'nobody-hears is linked to nothing' }],
    });
  });
});

describe('sluice run', () => {
  it('runs a graph to its end', async () => {
    const { code, problems, result } = await typedJson(['run', program('tone.mjs'), '--fail-on-drops']);
    expect({ code, problems, result }).toMatchObject({
      code: 0,
      problems: [],
      result: { graph: 'tone', status: 'done', dropped: 0, nodes: [{ id: 'fromTone', framesOut: 25 }, {}, {}] },
    });
  });

  it('ends with 1 and the culprit where something was dropped, if that is asked for', async () => {
    const { code, ok, result, problems } = await typedJson(['run', program('dropping.mjs'), '--fail-on-drops']);
    expect({ code, ok, status: result.status }).toEqual({ code: 1, ok: false, status: 'done' });
    expect(result.dropped).toBeGreaterThan(0);
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/^`fromTone` dropped \d+ of \d+ frames .* before `slow`: /) },
    ]);
  });

  it('records a session that replays', async () => {
    const file = join(folder, 'tone.sluice');
    const given = program('live-tone.ts');
    expect(await typedJson(['run', given, '--for', '200ms', '--record', file, '--sound'])).toMatchObject({
      code: 0,
      next: `sluice replay ${file}`,
    });
    const { code, result } = await typedJson(['replay', file, '--program', given]);
    expect({ code, result }).toMatchObject({ code: 0, result: { graph: 'live-tone', differences: [] } });
    expect((await typed(['replay', file, '--program', given])).out).toMatch(/^the same\nlive-tone: /);
  });

  it('records that it was stopped, so that a source of the session is let go in its place', async () => {
    const file = join(folder, 'stopped.sluice');
    const given = program('live-source.ts');
    expect(await typedJson(['run', given, '--for', '200ms', '--record', file, '--sound'])).toMatchObject({ code: 0 });
    const { code, result } = await typedJson(['replay', file, '--program', given]);
    expect({ code, result }).toMatchObject({ code: 0, result: { graph: 'live-source', differences: [] } });
  });

  it('ends with 4 and the code where a graph fails', async () => {
    expect(await typedJson(['run', program('failing.mjs')])).toMatchObject({
      code: 4,
      problems: [{ code: 'SLUICE_NODE_FAILED', message: expect.stringContaining('a broken string') }],
      next: 'sluice explain SLUICE_NODE_FAILED',
    });
  });

  it('ends with 124 where a graph takes longer than it may', async () => {
    expect(await typedJson(['run', program('slow-end.mjs'), '--for', '20ms'])).toMatchObject({
      code: 124,
      ok: false,
      result: { status: 'failed' },
      problems: [{ code: 'SLUICE_DEADLINE', message: expect.stringContaining('draining graph slow-end took longer') }],
      next: 'sluice explain SLUICE_DEADLINE',
    });
  });

  it('stops in order when it is told to', async () => {
    const abort = new AbortController();
    let told = '';
    const code = await runCommandLine(['run', program('live-tone.ts'), '--json'], {
      stdout: { write: (text) => (told += text) },
      // As soon as it says that it runs.
      stderr: { write: () => abort.abort() },
      env: {},
      signal: abort.signal,
    });
    const { result } = JSON.parse(told);
    expect({ code, status: result.status }).toEqual({ code: 0, status: 'stopped' });
    expect(result.nodes[0].framesOut).toBeLessThan(100);
  });

  it.each([
    [['run', program('nothing.mjs')], 'SLUICE_CLI_PROGRAM', /gives no graph; expected a default export/],
    [['run', program('missing.mjs')], 'SLUICE_CLI_FILE', /missing\.mjs is no file/],
    [['graph', import.meta.dirname], 'SLUICE_CLI_FILE', /is no file .*: it is a folder/],
    [['run', program('tone.mjs'), '--for', 'ever'], 'SLUICE_CLI_USAGE', /--for takes a time like 30s/],
    [['run', program('tone.mjs'), '--record', 'x'], 'SLUICE_CLI_USAGE', /--record needs \(env\) => graph/],
    [['render', program('tone.mjs'), '--out', 'x'], 'SLUICE_CLI_USAGE', /clock of its own/],
    [['render', program('live-tone.ts')], 'SLUICE_CLI_USAGE', /needs --out/],
    [['conform', program('nothing.mjs')], 'SLUICE_CLI_PROGRAM', /an export conformance/],
  ])('refuses %j', async (args, code, message) => {
    expect(await typedJson(args)).toMatchObject({
      code: 2,
      problems: [{ code, message: expect.stringMatching(message) }],
    });
  });

  it('says what to install', async () => {
    expect(await typedJson(['conform', 'sluice-plugin-not-here'])).toMatchObject({
      code: 3,
      problems: [
        { code: 'SLUICE_CLI_ENVIRONMENT', message: expect.stringContaining('npm install sluice-plugin-not-here') },
      ],
    });
  });
});

describe('sluice render', () => {
  it('writes two seconds of a live tone in less, and they are the tone', async () => {
    const out = join(folder, 'out.wav');
    const { code, result } = await typedJson(['render', program('live-tone.ts'), '--out', out]);
    expect({ code, seconds: result.mediaSeconds }).toEqual({ code: 0, seconds: 2 });
    expect(result.timesRealTime).toBeGreaterThan(0);
    const { result: heard } = await typedJson(['probe', out]);
    expect(heard).toMatchObject({ seconds: 2, clipped: 0, gaps: { count: 0 }, tone: { hz: 440, dbfs: -6 } });
  });
});

describe('a program that is never loaded', () => {
  it.each([['graph'], ['check'], ['run'], ['run', '--record', 'x.sluice'], ['render', '--out', 'x.wav'], ['conform']])(
    'is left where it stands by %s when that is told to end',
    async (...args) => {
      const abort = new AbortController();
      setImmediate(() => abort.abort(new EndedBy('SIGINT')));
      const answer = await typed([...args, program('never-loads.mjs')], {}, false, abort.signal);
      expect(answer).toEqual({ code: 1, out: '', err: 'ended by SIGINT\n' });
    },
  );
});

describe('work that takes long', () => {
  it('tells how far it is on a terminal, in place, and nothing in JSON or where quiet is asked for', async () => {
    const [wav, session] = [join(folder, 'long.wav'), join(folder, 'long.sluice')];
    const given = program('live-tone.ts');
    await typedJson(['run', given, '--for', '100ms', '--record', session, '--sound']);
    for (const [args, told] of [
      [['render', given, '--out', wav], 'rendered 0.0 s in 0.'],
      [['probe', wav], `heard 0.0 s of ${wav}`],
      [['replay', session, '--program', given], `replayed 0.0 s of ${session}`],
    ] as const) {
      const { code, out, err } = await typed(args, {}, true);
      expect(code).toBe(0);
      const [before, first, ...others] = err.split('\r\u001b[K');
      expect(before).toBe('');
      expect(first).toContain(told);
      // It is wiped before what is said at the end.
      expect(others.at(-1)).toMatch(/^(?:next: .*\n)?$/);
      expect(out).not.toContain('\u001b[K');
      expect(await typed([...args, '--quiet'], {}, true)).toMatchObject({ code: 0, err: '' });
      expect((await typed([...args, '--json'], {}, true)).err).toBe('');
    }
  });
});

describe('sluice conform', () => {
  it('runs the checks that a plugin declares', async () => {
    const plugin = join(import.meta.dirname, '../../../plugin-minimal/src/index.ts');
    const { code, result } = await typedJson(['conform', plugin]);
    expect({ code, passed: result[0].passed }).toEqual({ code: 0, passed: true });
    expect(result[0].checks.length).toBeGreaterThan(5);
    const { out } = await typed(['conform', plugin]);
    expect(out).toMatch(/^✓ \w+\n( {2}[✓-] .*\n)+/);
  });
});

describe('sluice replay --page', () => {
  const talk = join(import.meta.dirname, '../../../inspector/test/page/talk.sluice');

  it('shows a session to who has its address, until it is told to end', async () => {
    const abort = new AbortController();
    let told = '';
    const shown = runCommandLine(['replay', talk, '--page', '--json'], {
      stdout: { write: (text: string) => (told += text) },
      stderr: { write: () => {} },
      env: {},
      signal: abort.signal,
    });
    await vi.waitFor(() => expect(told).toContain('\n'), { timeout: 20_000 });
    const { ok, result } = JSON.parse(told);
    expect(ok).toBe(true);
    const { origin, hash } = new URL(result.url);
    const session = (token: string) => fetch(`${origin}/session`, { headers: { authorization: `Bearer ${token}` } });
    expect((await session('wrong')).status).toBe(401);
    const answer = await session(hash.slice('#s='.length));
    expect(Buffer.from(await answer.arrayBuffer()).equals(await readFile(talk))).toBe(true);
    expect(await (await fetch(origin)).text()).toContain('<title>sluice inspector</title>');
    abort.abort();
    expect(await shown).toBe(0);
    expect(told.trim()).not.toContain('\n');
    await expect(fetch(origin)).rejects.toThrow();
  });

  it('says of a session that nobody looked at that there is nothing to show', async () => {
    const file = join(folder, 'unseen.sluice');
    await writeFile(file, `${(await readFile(talk, 'utf8')).split('\n')[0]}\n`);
    expect(await typedJson(['replay', file, '--page'])).toMatchObject({
      code: 1,
      problems: [{ code: 'SLUICE_INSPECTOR_SESSION', message: expect.stringContaining('nobody looked while') }],
      next: 'sluice explain SLUICE_INSPECTOR_SESSION',
    });
  });

  it.each([
    [[join('no', 'where'), '--page'], 'SLUICE_CLI_FILE', /is no file that can be read/],
    [[join('no', 'where')], 'SLUICE_CLI_FILE', /is no file that can be read/],
    [[talk, '--page', '--assert', 'same'], 'SLUICE_CLI_USAGE', /--page replays nothing/],
    [[talk, '--page', '--port', 'x'], 'SLUICE_CLI_USAGE', /--port takes a number/],
    [[talk, '--open'], 'SLUICE_CLI_USAGE', /--open goes with --page/],
  ])('refuses %j', async (args, code, message) => {
    expect(await typedJson(['replay', ...args])).toMatchObject({
      code: 2,
      problems: [{ code, message: expect.stringMatching(message) }],
    });
  });
});

describe('sluice replay --assert', () => {
  let file: string;
  const given = program('takes-a-number.ts');
  beforeAll(async () => {
    file = join(folder, 'number.sluice');
    await typedJson(['run', given, '--for', '300ms', '--record', file, '--sound', '--words']);
  });
  const asserted = (...expected: readonly string[]) =>
    typedJson(['replay', file, '--program', given, ...expected.flatMap((one) => ['--assert', one])]);

  it('ends with 0 where everything came true that was expected of sound and words', async () => {
    const expected = [
      'same',
      'duration=200ms',
      'level@mouth>-10',
      'tone=442',
      'gaps=0',
      'heard~Number  IS',
      'said~it is.',
    ];
    const { code, result, problems } = await asserted(...expected);
    expect({ code, problems }).toEqual({ code: 0, problems: [] });
    expect(result).toMatchObject({
      sound: { mouth: { seconds: 0.2, tone: { hz: 440 } } },
      heard: ['my number is five'],
      said: ['Five it is.'],
    });
    expect(result.expectations).toEqual(expected.map((text) => ({ text, met: true })));
  });

  it('ends with 1 and what was there instead', async () => {
    const { code, problems } = await asserted('duration<200ms', 'tone=450', 'peak@ear<0', 'heard~six');
    expect({ code, told: problems.map(({ message }) => message) }).toEqual({
      code: 1,
      told: [
        'duration<200ms: mouth has 200ms',
        'tone=450: mouth has 440 Hz',
        'peak@ear<0: ear was not given sound',
        'heard~six: "my number is five" was heard',
      ],
    });
    const { out } = await typed(['replay', file, '--program', given, '--assert', 'same', '--assert', 'gaps>0']);
    expect(out).toBe('✓ same\n✗ gaps>0\n');
  });

  it('fails where the graph did something else, of which the rest is not known', async () => {
    const other = join(folder, 'other.mjs');
    const rename = 'sink: (name, make) => env.sink("other-" + name, make)';
    await writeFile(
      other,
      `import p from ${JSON.stringify(given)};\nexport default (env) => p({ ...env, ${rename} });\n`,
    );
    const { code, problems } = await typedJson(['replay', file, '--program', other, '--assert', 'gaps=0']);
    expect(code).toBe(1);
    expect(problems.at(-1)).toMatchObject({ code: 'SLUICE_SESSION_ORDER' });
  });

  it.each([
    ['gap=0', '--assert gap=0 cannot be expected; did you mean gaps? There is same; duration'],
    ['gaps', '--assert gaps cannot be expected'],
    ['gaps=', '--assert gaps= cannot be expected'],
    ['gaps=NaN', '--assert gaps takes a number, not NaN'],
    ['duration>2', '--assert duration takes a time like 30s'],
    ['duration>-2s', '--assert duration takes a time like 30s'],
    ['said=x', '--assert said=x cannot be expected'],
    ['toString=1', '--assert toString=1 cannot be expected'],
    ['', '--assert  cannot be expected'],
  ])('refuses %j', async (expected, message) => {
    const { code, problems } = await asserted(expected);
    expect({ code, told: problems[0]?.message }).toEqual({ code: 2, told: expect.stringContaining(message) });
  });
});
