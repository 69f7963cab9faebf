import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../src/commands/commands.ts';
import { runCommandLine } from '../src/run-command-line.ts';
import { typed } from './typed.ts';

const root = join(import.meta.dirname, '../../..');
const before = process.cwd();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-examples-'));
  process.chdir(folder);
  for (const part of ['dist', 'src']) mkdirSync(part);
  symlinkSync(join(root, 'node_modules'), 'node_modules');
  writeFileSync('package.json', '{ "name": "examples", "type": "module" }');
  writeFileSync('secret.txt', 's'.repeat(44));
  writeFileSync('main.ts', program);
  writeFileSync('dist/index.js', "export { conformance } from '@sluice/plugin-minimal';\n");
  writeFileSync('src/gain.bench.ts', "console.log('gain 1 ns');\n");
  cpSync(join(root, 'examples/assets/greeting.wav'), 'talk.mp4');
  for (const line of ['render main.ts --out out.wav', 'run main.ts --record call.sluice --sound'])
    expect(await typed(line.split(' '))).toMatchObject({ code: 0 });
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** Two seconds of a tone that are over at once. */
const program = `import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';

export default (env) => {
  const bot = graph('main', { clock: env.clock, random: env.random });
  bot.from(fromTone({ frequency: 440, dBFS: -6, duration: 2 })).to(env.sink('out', () => toNull()));
  return bot;
};
`;

/** Those that go on until they are told to end: what is told is told before. */
const stays = ['sluice replay call.sluice --page --open', 'sluice room --port 0 --json'];

/** Those that are not run here, each with what does run them. */
const elsewhere: Readonly<Record<string, string>> = {
  'sluice probe https://example.org/a.mp3 --json': 'probe-media.test.ts, from a server of its own',
  'sluice inspect 4711': 'inspect.integration.test.ts, of a process that is there',
  'sluice inspect 4711 --trace bot.json': 'inspect.integration.test.ts',
  'sluice inspect --media -- node bot.js': 'inspect.integration.test.ts',
  'sluice top': 'inspect.integration.test.ts, of a process that is there',
  'sluice top 4711 --for 10s': 'inspect.integration.test.ts',
  'sluice top 4711 --json': 'inspect.integration.test.ts',
  'sluice docs --serve': 'serve-site.test.ts: the site has to be built',
  'sluice room --open': 'room.test.ts',
  'sluice room --https --host 0.0.0.0': 'room.test.ts',
  'sluice doctor': 'doctor-call.test.ts: it hears itself',
  'sluice doctor --report': 'doctor.test.ts',
  'sluice bench hop --quick': 'bench.test.ts: a bench of the repository takes minutes',
  'sluice scenario': 'command.test.ts of packages/scenario',
  'sluice scenario agent.scenario.ts --real': 'the same, in real time',
  'sluice scenario --grep greeting --json': 'the same',
};

/** The words behind `sluice`, as a shell gives them; what it does with the rest is its own. */
function wordsOf(example: string): string[] {
  // Without quotes it would read on from there.
  const [line = ''] = example.split(/ (?:>|&&) /);
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  expect(words.filter((word) => /[<>&|;]/.test(word) && !line.includes(`'${word}'`)).length, example).toBe(0);
  return words.slice(1);
}

describe('the examples in the help', async () => {
  const all = (await Promise.all(Object.values(commands).map((load) => load()))).flatMap(({ examples }) => examples);
  const here = all.filter((example) => !(example in elsewhere));

  it('are all run, here or elsewhere', () => {
    expect(Object.keys(elsewhere).filter((example) => !all.includes(example))).toEqual([]);
    expect(stays.filter((example) => !all.includes(example))).toEqual([]);
  });

  it.each(here.filter((example) => !stays.includes(example)))('%s', async (example) => {
    const { code, out, err } = await typed(wordsOf(example));
    expect({ code, err }, out).toMatchObject({ code: example === 'sluice doctor --no-call --json' ? code : 0 });
    if (!example.endsWith('--json')) return;
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(Object.keys(JSON.parse(lines[0]!))).toEqual(['ok', 'command', 'result', 'problems', 'next']);
  });

  it.each(stays)('%s', async (example) => {
    const abort = new AbortController();
    let out = '';
    const write = (text: string) => {
      out += text;
      abort.abort();
    };
    const silent = { write: () => {} };
    // Nothing there opens a browser.
    const env = { ...process.env, PATH: folder, TMPDIR: folder };
    const code = await runCommandLine(wordsOf(example), {
      stdout: { write },
      stderr: silent,
      env,
      signal: abort.signal,
    });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/http:\/\/127\.0\.0\.1:\d+\//) });
  });
});

it('their files are there', () => {
  for (const file of [
    'talk.png',
    'call.sluice',
    'out.wav',
    'my-bot/package.json',
    'here/package.json',
    'src/my-gain.ts',
  ])
    expect(existsSync(file), file).toBe(true);
});
