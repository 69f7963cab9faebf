import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const here = path('.');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-command-'));
  const text = `import { scenario } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
const agent = () => { throw new Error('no <agent> & "no" voice'); };
scenario('cannot begin', { agent }, async () => {});
`;
  await writeFile(join(folder, 'bad.scenario.mjs'), text);
});
afterAll(() => rm(folder, { recursive: true }));

/** What `npx sluice scenario` and `npx sluice replay` run once all is built. */
const command = (cwd: string, ...args: string[]) => run(cwd, ['scenario', ...args]);
const replay = (cwd: string, file: string) => run(cwd, ['replay', file]);

function run(cwd: string, args: string[]): Promise<{ readonly code: number; readonly lines: string[] }> {
  const program = [path('../../cli/bin/sluice.js'), ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, program, { cwd }, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, lines: stdout.trim().split('\n') }),
    );
  });
}

it('runs what is under the working directory, and prints the runs as one line of JSON', async () => {
  const { code, lines } = await command(here, '--json', '--seed', '7', '--grep', 'answers');
  expect(code).toBe(0);
  const told = lines.map((line) => JSON.parse(line) as object);
  expect(told).toMatchObject([
    { ok: true, command: 'scenario', result: [{ file: 'first.scenario.ts', mode: 'virtual', seed: 7, passed: true }] },
  ]);
});

it('runs nothing that --grep does not name, and says so', async () => {
  const { code, lines } = await command(here, '--grep', 'nobody calls one like this');
  expect(code).toBe(2);
  expect(lines[0]).toContain('no scenario has "nobody calls one like this" in its name');
});

it('fails with what failed, in XML that a parser reads', async () => {
  const junit = join(folder, 'out.xml');
  const out = join(folder, 'out');
  const { code, lines } = await command(folder, folder, '--junit', junit, '--out', out, '--record');
  expect(code).toBe(1);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
  // Nobody spoke: a log and a report.
  expect(await readdir(out)).toHaveLength(2);
  expect(await parsed(await readFile(junit, 'utf8'))).toEqual({
    tests: '1',
    failures: '1',
    name: 'cannot begin [virtual, seed 1]',
    message: 'no <agent> & "no" voice',
  });
});

it('runs over a real call, and its recording is replayed by the command that it prints', async () => {
  // A session may name only what is under the working directory.
  const out = await mkdtemp(join(here, '.recorded-'));
  try {
    const { code, lines } = await command(here, 'first.scenario.ts', '--real', '--record-all', '--out', out);
    expect(lines.at(-1)).toBe('1 passed, 0 failed');
    expect(code).toBe(0);
    const [, file] = /npx sluice replay (.*)$/.exec(lines.at(-2)!)!;
    const replayed = await replay(here, file!);
    expect(replayed.lines[0]).toBe('the same');
    expect(replayed.code).toBe(0);
  } finally {
    await rm(out, { recursive: true });
  }
});

/** By Chromium's parser, which takes nothing that is not well-formed. */
async function parsed(xml: string): Promise<unknown> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (executablePath === undefined) throw new Error('Chromium is not installed: scripts/install-test-tools.sh does it');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    return await page.evaluate(`(() => {
      const document = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml');
      const of = (tag, name) => document.querySelector(tag)?.getAttribute(name);
      return {
        tests: of('testsuite', 'tests'),
        failures: of('testsuite', 'failures'),
        name: of('testcase', 'name'),
        message: of('failure', 'message'),
      };
    })()`);
  } finally {
    await browser.close();
  }
}
