import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { typed, typedJson } from './typed.ts';

const before = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bad-'));
  process.chdir(folder);
  symlinkSync(join(before, 'node_modules'), 'node_modules');
  mkdirSync('folder');
  writeFileSync('package.json', '{ "type": "module" }');
  writeFileSync('wrong.ts', 'export default () => {\n  const x: = 3;\n};\n');
  writeFileSync('throws.bench.mjs', 'throw new Error("out of figures");\n');
  writeFileSync('secret.txt', 's'.repeat(44));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it.each([
  ['a folder', 'run folder', /^folder is no file that can be read: it is a folder\. Give/],
  ['a folder', 'bench folder', /^folder is no file that can be read: it is a folder\. Give/],
  ['a folder', 'probe folder', /^folder is no file that can be read: it is a folder\. Give/],
  [
    'what a room server refuses',
    'room --rooms none.json --port 0',
    /^--rooms: none\.json cannot be read .*room --help$/,
  ],
  ['proxies that are none', 'room --proxy nonsense --port 0', /^.*prox.*nonsense.*room --help$/s],
  [
    'what no token has, by the names that there are',
    `token --room a --permissions {"canSend":["nose"]} --secret-file secret.txt`,
    /^the token: permissions\.canSend\.0 is not valid; expected .*"microphone" .*received "nose"/,
  ],
])('refuses %s: sluice %s', async (_, line, message) => {
  const args = line.split(' ');
  const { code, err, ...told } = await typedJson(args);
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(told).toMatchObject({ ok: false, command: args[0], result: null, problems: [expect.anything()] });
  expect(told.problems[0]!.message).toMatch(message);
  expect((await typed(args)).err).not.toMatch(/^ +at |usage: npm/m);
});

it('says where a file is no TypeScript', () => {
  const binary = join(import.meta.dirname, '../bin/sluice.js');
  const { status, stdout } = spawnSync(process.execPath, [binary, 'run', 'wrong.ts', '--json'], { encoding: 'utf8' });
  const { problems } = JSON.parse(stdout);
  expect({ status, problems }).toMatchObject({ status: 2, problems: [{ code: 'SLUICE_CLI_PROGRAM' }] });
  expect(problems[0].message).not.toContain('is not an error');
  // Where Node strips types it has words of its own.
  if (!('typescript' in process.features)) expect(problems[0].message).toContain('wrong.ts:2:12: Type expected');
});

it('tells of a bench that throws where that was, and nothing of its own', async () => {
  expect(await typedJson(['bench', 'throws.bench.mjs'])).toMatchObject({
    code: 1,
    problems: [{ message: 'throws.bench.mjs ended with 1' }],
  });
});
